/-! Isotopes of groups. -/

/-- A group whose elements have labels of three kinds, where a row and a column are 1. -/
structure InIsotope (n : Nat) (cells : List Cell) (a0 b0 : Nat) where
  G : Group
  row : Nat → G.T
  column : Nat → G.T
  symbol : Nat → G.T
  rows : Bijective n row
  columns : Bijective n column
  symbols : Bijective n symbol
  given : Holds G.op row column symbol cells
  row_one : row a0 = G.one
  column_one : column b0 = G.one

/-- The labels of an isotope f(a) g(b) = h(c), moved so that a row and a column are 1. -/
def moved_row (G : Group) (f : Nat → G.T) (a0 a : Nat) : G.T := G.op (G.inv (f a0)) (f a)
def moved_column (G : Group) (g : Nat → G.T) (b0 b : Nat) : G.T := G.op (g b) (G.inv (g b0))
def moved_symbol (G : Group) (f g h : Nat → G.T) (a0 b0 c : Nat) : G.T :=
  G.op (G.op (G.inv (f a0)) (h c)) (G.inv (g b0))

theorem moved_row_one (G : Group) (f : Nat → G.T) (a0 : Nat) : moved_row G f a0 a0 = G.one :=
  G.inv_left (f a0)

theorem moved_column_one (G : Group) (g : Nat → G.T) (b0 : Nat) : moved_column G g b0 b0 = G.one :=
  G.inv_right (g b0)

theorem to_moved (G : Group) (f g h : Nat → G.T) (a0 b0 a b c : Nat)
    (k : G.op (f a) (g b) = h c) :
    G.op (moved_row G f a0 a) (moved_column G g b0 b) = moved_symbol G f g h a0 b0 c := by
  show G.op (G.op (G.inv (f a0)) (f a)) (G.op (g b) (G.inv (g b0)))
    = G.op (G.op (G.inv (f a0)) (h c)) (G.inv (g b0))
  rw [← G.assoc, G.assoc (G.inv (f a0)) (f a) (g b), k]

theorem of_moved (G : Group) (f g h : Nat → G.T) (a0 b0 a b c : Nat)
    (k : G.op (moved_row G f a0 a) (moved_column G g b0 b) = moved_symbol G f g h a0 b0 c) :
    G.op (f a) (g b) = h c := by
  have k2 : G.op (G.op (G.inv (f a0)) (f a)) (G.op (g b) (G.inv (g b0)))
      = G.op (G.op (G.inv (f a0)) (h c)) (G.inv (g b0)) := k
  rw [← G.assoc, G.assoc (G.inv (f a0)) (f a) (g b)] at k2
  exact G.cancel_left _ _ _ (G.cancel_right _ _ _ k2)

theorem holds_to_moved (G : Group) (f g h : Nat → G.T) (a0 b0 : Nat) :
    ∀ (cells : List Cell), Holds G.op f g h cells →
      Holds G.op (moved_row G f a0) (moved_column G g b0) (moved_symbol G f g h a0 b0) cells
  | [], _ => True.intro
  | _ :: rest, H =>
    And.intro (to_moved G f g h a0 b0 _ _ _ (holds_cons H).1)
      (holds_to_moved G f g h a0 b0 rest (holds_cons H).2)

theorem holds_of_moved (G : Group) (f g h : Nat → G.T) (a0 b0 : Nat) :
    ∀ (cells : List Cell),
      Holds G.op (moved_row G f a0) (moved_column G g b0) (moved_symbol G f g h a0 b0) cells →
      Holds G.op f g h cells
  | [], _ => True.intro
  | _ :: rest, H =>
    And.intro (of_moved G f g h a0 b0 _ _ _ (holds_cons H).1)
      (holds_of_moved G f g h a0 b0 rest (holds_cons H).2)

theorem all_of_moved (G : Group) (f g h : Nat → G.T) (a0 b0 : Nat) :
    ∀ (rows : List (List Cell)),
      HoldsAll G.op (moved_row G f a0) (moved_column G g b0) (moved_symbol G f g h a0 b0) rows →
      HoldsAll G.op f g h rows
  | [], _ => True.intro
  | cells :: rest, H =>
    And.intro (holds_of_moved G f g h a0 b0 cells (all_cons H).1)
      (all_of_moved G f g h a0 b0 rest (all_cons H).2)

theorem moved_row_bijective (G : Group) (n : Nat) (f : Nat → G.T) (a0 : Nat)
    (H : Bijective n f) : Bijective n (moved_row G f a0) := by
  refine And.intro ?_ ?_
  · intro a b ha hb e
    exact H.1 a b ha hb (G.cancel_left _ _ _ e)
  · intro x
    cases H.2 (G.op (f a0) x) with
    | intro a ha =>
      refine ⟨a, ha.1, ?_⟩
      show G.op (G.inv (f a0)) (f a) = x
      rw [ha.2, ← G.assoc, G.inv_left, G.one_left]

theorem moved_column_bijective (G : Group) (n : Nat) (g : Nat → G.T) (b0 : Nat)
    (H : Bijective n g) : Bijective n (moved_column G g b0) := by
  refine And.intro ?_ ?_
  · intro a b ha hb e
    exact H.1 a b ha hb (G.cancel_right _ _ _ e)
  · intro x
    cases H.2 (G.op x (g b0)) with
    | intro a ha =>
      refine ⟨a, ha.1, ?_⟩
      show G.op (g a) (G.inv (g b0)) = x
      rw [ha.2, G.assoc, G.inv_right, G.one_right]

theorem moved_symbol_bijective (G : Group) (n : Nat) (f g h : Nat → G.T) (a0 b0 : Nat)
    (H : Bijective n h) : Bijective n (moved_symbol G f g h a0 b0) := by
  refine And.intro ?_ ?_
  · intro a b ha hb e
    exact H.1 a b ha hb (G.cancel_left _ _ _ (G.cancel_right _ _ _ e))
  · intro x
    cases H.2 (G.op (G.op (f a0) x) (g b0)) with
    | intro a ha =>
      refine ⟨a, ha.1, ?_⟩
      show G.op (G.op (G.inv (f a0)) (h a)) (G.inv (g b0)) = x
      rw [ha.2, ← G.assoc, ← G.assoc, G.inv_left, G.one_left, G.assoc, G.inv_right, G.one_right]
