/-! Homotopes of groups. -/

/-- The same as for isotopes, but only symbols are apart, and only products of rows and columns are
symbols. -/
structure InHomotope (n : Nat) (cells : List Cell) (a0 b0 : Nat) where
  G : Group
  row : Nat → G.T
  column : Nat → G.T
  symbol : Nat → G.T
  distinct : OneToOne n symbol
  products : ∀ a b, a < n → b < n → ∃ c, c < n ∧ G.op (row a) (column b) = symbol c
  given : Holds G.op row column symbol cells
  row_one : row a0 = G.one
  column_one : column b0 = G.one

/-! In a homotope a symbol that does not occur may have any image. In the product of the group with
the whole numbers it is given one of its own. -/

/-- An operation o on labels below n with maps to a group; the maps keep apart what occurs. -/
structure Homotope (n : Nat) (G : Group) (f g h : Nat → G.T) (o : Nat → Nat → Nat) : Prop where
  inside : ∀ a b, a < n → b < n → o a b < n
  product : ∀ a b, a < n → b < n → G.op (f a) (g b) = h (o a b)
  distinct : ∀ a b c d, a < n → b < n → c < n → d < n → h (o a b) = h (o c d) → o a b = o c d

theorem pair_eq {A B : Type} {a a2 : A} {b b2 : B} (ha : a = a2) (hb : b = b2) :
    (a, b) = (a2, b2) := by
  subst ha; subst hb; rfl

theorem int_inverse_left (x : Int) : -x + x = 0 := by omega
theorem int_inverse_right (x : Int) : x + -x = 0 := by omega

def with_numbers (G : Group) : Group where
  T := G.T × Int
  op := fun (x y : G.T × Int) => (G.op x.1 y.1, x.2 + y.2)
  one := (G.one, (0 : Int))
  inv := fun (x : G.T × Int) => (G.inv x.1, -x.2)
  assoc := fun (x y z : G.T × Int) => pair_eq (G.assoc x.1 y.1 z.1) (Int.add_assoc x.2 y.2 z.2)
  one_left := fun (x : G.T × Int) => pair_eq (G.one_left x.1) (Int.zero_add x.2)
  one_right := fun (x : G.T × Int) => pair_eq (G.one_right x.1) (Int.add_zero x.2)
  inv_left := fun (x : G.T × Int) => pair_eq (G.inv_left x.1) (int_inverse_left x.2)
  inv_right := fun (x : G.T × Int) => pair_eq (G.inv_right x.1) (int_inverse_right x.2)

def Occurs (n : Nat) (o : Nat → Nat → Nat) (c : Nat) : Prop :=
  ∃ a b, a < n ∧ b < n ∧ o a b = c

open Classical in
/-- The number that a symbol is given: 0 if it occurs. -/
noncomputable def mark (n : Nat) (o : Nat → Nat → Nat) (c : Nat) : Int :=
  if Occurs n o c then 0 else (c : Int) + 1

section Homotopes
variable (n : Nat) (G : Group) (f g h : Nat → G.T) (o : Nat → Nat → Nat) (a0 b0 : Nat)

def image_row (a : Nat) : (with_numbers G).T := (moved_row G f a0 a, (0 : Int))
def image_column (b : Nat) : (with_numbers G).T := (moved_column G g b0 b, (0 : Int))
noncomputable def image_symbol (c : Nat) : (with_numbers G).T :=
  (moved_symbol G f g h a0 b0 c, mark n o c)

theorem image_row_one : image_row G f a0 a0 = (with_numbers G).one :=
  pair_eq (moved_row_one G f a0) rfl

theorem image_column_one : image_column G g b0 b0 = (with_numbers G).one :=
  pair_eq (moved_column_one G g b0) rfl

theorem image_product (H : Homotope n G f g h o) (a b : Nat) (ha : a < n) (hb : b < n) :
    (with_numbers G).op (image_row G f a0 a) (image_column G g b0 b)
      = image_symbol n G f g h o a0 b0 (o a b) := by
  have here : Occurs n o (o a b) := ⟨a, b, ha, hb, rfl⟩
  have e : mark n o (o a b) = 0 := if_pos here
  exact pair_eq (to_moved G f g h a0 b0 a b (o a b) (H.product a b ha hb))
    (Eq.trans (Int.add_zero 0) e.symm)

theorem image_distinct (H : Homotope n G f g h o) :
    OneToOne n (image_symbol n G f g h o a0 b0) := by
  intro c d _ _ e
  have e1 : moved_symbol G f g h a0 b0 c = moved_symbol G f g h a0 b0 d := congrArg Prod.fst e
  have e2 : mark n o c = mark n o d := congrArg Prod.snd e
  have e3 : h c = h d := G.cancel_left _ _ _ (G.cancel_right _ _ _ e1)
  cases Classical.em (Occurs n o c) with
  | inl hc =>
    cases Classical.em (Occurs n o d) with
    | inl hd =>
      cases hc with
      | intro a hc => cases hc with
        | intro b hc => cases hd with
          | intro x hd => cases hd with
            | intro y hd =>
              have e4 : h (o a b) = h (o x y) := by rw [hc.2.2, hd.2.2]; exact e3
              have e5 := H.distinct a b x y hc.1 hc.2.1 hd.1 hd.2.1 e4
              exact hc.2.2.symm.trans (e5.trans hd.2.2)
    | inr hd =>
      have m1 : mark n o c = 0 := if_pos hc
      have m2 : mark n o d = (d : Int) + 1 := if_neg hd
      omega
  | inr hc =>
    have m1 : mark n o c = (c : Int) + 1 := if_neg hc
    cases Classical.em (Occurs n o d) with
    | inl hd =>
      have m2 : mark n o d = 0 := if_pos hd
      omega
    | inr hd =>
      have m2 : mark n o d = (d : Int) + 1 := if_neg hd
      omega

end Homotopes

/-- Whether the labels of cells are below n. -/
def areLabels (n : Nat) : List Cell → Bool
  | [] => true
  | c :: rest => decide (c.1 < n) && (decide (c.2.1 < n) && (decide (c.2.2 < n) && areLabels n rest))

def areAllLabels (n : Nat) : List (List Cell) → Bool
  | [] => true
  | cells :: rest => areLabels n cells && areAllLabels n rest

theorem are_labels_at {n : Nat} {c : Cell} {rest : List Cell} (H : areLabels n (c :: rest) = true) :
    c.1 < n ∧ c.2.1 < n ∧ c.2.2 < n ∧ areLabels n rest = true :=
  have h1 : decide (c.1 < n) = true ∧
      (decide (c.2.1 < n) && (decide (c.2.2 < n) && areLabels n rest)) = true := and_true H
  have h2 := and_true h1.2
  have h3 := and_true h2.2
  ⟨of_decide_eq_true h1.1, of_decide_eq_true h2.1, of_decide_eq_true h3.1, h3.2⟩

section Images
variable {n : Nat} {G : Group} {f g h : Nat → G.T} {o : Nat → Nat → Nat}

theorem image_cells (H : Homotope n G f g h o) (a0 b0 : Nat) :
    ∀ (cells : List Cell), areLabels n cells = true → Agrees o cells →
      Holds (with_numbers G).op (image_row G f a0) (image_column G g b0)
        (image_symbol n G f g h o a0 b0) cells
  | [], _, _ => True.intro
  | c :: rest, I, A => by
    have i := are_labels_at I
    refine And.intro ?_ (image_cells H a0 b0 rest i.2.2.2 (agrees_cons A).2)
    have e := image_product n G f g h o a0 b0 H c.1 c.2.1 i.1 i.2.1
    rw [(agrees_cons A).1] at e
    exact e

theorem cells_of_image (H : Homotope n G f g h o) (a0 b0 : Nat) :
    ∀ (cells : List Cell), areLabels n cells = true →
      Holds (with_numbers G).op (image_row G f a0) (image_column G g b0)
        (image_symbol n G f g h o a0 b0) cells → Agrees o cells
  | [], _, _ => True.intro
  | c :: rest, I, A => by
    have i := are_labels_at I
    refine And.intro ?_ (cells_of_image H a0 b0 rest i.2.2.2 (holds_cons A).2)
    have e := image_product n G f g h o a0 b0 H c.1 c.2.1 i.1 i.2.1
    have d := image_distinct n G f g h o a0 b0 H
    exact d (o c.1 c.2.1) c.2.2 (H.inside c.1 c.2.1 i.1 i.2.1) i.2.2.1 (e.symm.trans (holds_cons A).1)

theorem all_of_image (H : Homotope n G f g h o) (a0 b0 : Nat) :
    ∀ (rows : List (List Cell)), areAllLabels n rows = true →
      HoldsAll (with_numbers G).op (image_row G f a0) (image_column G g b0)
        (image_symbol n G f g h o a0 b0) rows → AgreesAll o rows
  | [], _, _ => True.intro
  | cells :: rest, I, A =>
    have i : areLabels n cells = true ∧ areAllLabels n rest = true := and_true I
    And.intro (cells_of_image H a0 b0 cells i.1 (all_cons A).1)
      (all_of_image H a0 b0 rest i.2 (all_cons A).2)

end Images
