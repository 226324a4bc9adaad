namespace Cayley

/-- A cell (a, b, c): row a, column b is c. -/
abbrev Cell := Nat × Nat × Nat

/-- Some cells are true of an operation on the images of the labels. -/
def Holds {T : Type} (op : T → T → T) (f g h : Nat → T) : List Cell → Prop
  | [] => True
  | c :: rest => op (f c.1) (g c.2.1) = h c.2.2 ∧ Holds op f g h rest

/-- The same for several lists of cells. -/
def HoldsAll {T : Type} (op : T → T → T) (f g h : Nat → T) : List (List Cell) → Prop
  | [] => True
  | cells :: rest => Holds op f g h cells ∧ HoldsAll op f g h rest

/-- The same for an operation on the labels themselves. -/
def Agrees (o : Nat → Nat → Nat) : List Cell → Prop
  | [] => True
  | c :: rest => o c.1 c.2.1 = c.2.2 ∧ Agrees o rest

def AgreesAll (o : Nat → Nat → Nat) : List (List Cell) → Prop
  | [] => True
  | cells :: rest => Agrees o cells ∧ AgreesAll o rest

theorem holds_cons {T : Type} {op : T → T → T} {f g h : Nat → T} {c : Cell} {rest : List Cell}
    (H : Holds op f g h (c :: rest)) : op (f c.1) (g c.2.1) = h c.2.2 ∧ Holds op f g h rest := H

theorem all_cons {T : Type} {op : T → T → T} {f g h : Nat → T} {cells : List Cell}
    {rest : List (List Cell)} (H : HoldsAll op f g h (cells :: rest)) :
    Holds op f g h cells ∧ HoldsAll op f g h rest := H

theorem agrees_cons {o : Nat → Nat → Nat} {c : Cell} {rest : List Cell}
    (H : Agrees o (c :: rest)) : o c.1 c.2.1 = c.2.2 ∧ Agrees o rest := H

def cellAt : List Cell → Nat → Cell
  | [], _ => (0, 0, 0)
  | c :: _, 0 => c
  | _ :: rest, i + 1 => cellAt rest i

def size : List Cell → Nat
  | [] => 0
  | _ :: rest => size rest + 1

theorem holds_at {T : Type} {op : T → T → T} {f g h : Nat → T} :
    ∀ (cells : List Cell), Holds op f g h cells → ∀ i, i < size cells →
      op (f (cellAt cells i).1) (g (cellAt cells i).2.1) = h (cellAt cells i).2.2
  | [], _, i, hi => absurd hi (Nat.not_lt_zero i)
  | _ :: _, H, 0, _ => (holds_cons H).1
  | _ :: rest, H, i + 1, hi => holds_at rest (holds_cons H).2 i (Nat.lt_of_succ_lt_succ hi)

theorem agrees_at {o : Nat → Nat → Nat} :
    ∀ (cells : List Cell), Agrees o cells → ∀ i, i < size cells →
      o (cellAt cells i).1 (cellAt cells i).2.1 = (cellAt cells i).2.2
  | [], _, i, hi => absurd hi (Nat.not_lt_zero i)
  | _ :: _, H, 0, _ => (agrees_cons H).1
  | _ :: rest, H, i + 1, hi => agrees_at rest (agrees_cons H).2 i (Nat.lt_of_succ_lt_succ hi)

/-- Labels that are different have different images. -/
def OneToOne {T : Type} (n : Nat) (f : Nat → T) : Prop :=
  ∀ a b, a < n → b < n → f a = f b → a = b

/-- The labels number the elements, one each. -/
def Bijective {T : Type} (n : Nat) (f : Nat → T) : Prop :=
  OneToOne n f ∧ ∀ x, ∃ a, a < n ∧ f a = x

/-! Operations, and what a line of a proof does: each rule is one of these theorems. -/

section Rules
variable {T : Type} {op : T → T → T}

theorem put_left {p q r x : T} (e : p = x) (k : op p q = r) : op x q = r := by
  subst e; exact k

theorem put_right {p q r x : T} (e : q = x) (k : op p q = r) : op p x = r := by
  subst e; exact k

theorem put_value {p q r x : T} (e : r = x) (k : op p q = r) : op p q = x := by
  subst e; exact k

theorem times {a b p q r : T} (ha : a = p) (hb : b = q) (k : op p q = r) : op a b = r := by
  subst ha; subst hb; exact k

theorem apart {n : Nat} {f : Nat → T} (one : OneToOne n f) (a b : Nat) (ha : a < n) (hb : b < n)
    (different : a ≠ b) (same : f a = f b) : False :=
  different (one a b ha hb same)

/-- Of v a = w, a b = c, w b = u, v c = u three give the fourth, since (v a) b = v (a b). -/
theorem associate_0 (assoc : ∀ x y z, op (op x y) z = op x (op y z))
    (cancel : ∀ x y z, op y x = op z x → y = z) {v a w b c u : T}
    (k1 : op a b = c) (k2 : op w b = u) (k3 : op v c = u) : op v a = w := by
  apply cancel b
  rw [assoc, k1, k2, k3]

theorem associate_1 (assoc : ∀ x y z, op (op x y) z = op x (op y z))
    (cancel : ∀ x y z, op x y = op x z → y = z) {v a w b c u : T}
    (k1 : op v a = w) (k2 : op w b = u) (k3 : op v c = u) : op a b = c := by
  apply cancel v
  rw [← assoc, k1, k2, k3]

theorem associate_2 (assoc : ∀ x y z, op (op x y) z = op x (op y z)) {v a w b c u : T}
    (k1 : op v a = w) (k2 : op a b = c) (k3 : op v c = u) : op w b = u := by
  rw [← k1, assoc, k2, k3]

theorem associate_3 (assoc : ∀ x y z, op (op x y) z = op x (op y z)) {v a w b c u : T}
    (k1 : op v a = w) (k2 : op a b = c) (k3 : op w b = u) : op v c = u := by
  rw [← k2, ← assoc, k1, k3]

end Rules

/-! Cases: what is one of n labels is the one that is left, or none is. -/

theorem below_zero {Q : Nat → Prop} : ∀ a, a < 0 → Q a :=
  fun a ha => absurd ha (Nat.not_lt_zero a)

theorem below_succ {n : Nat} {Q : Nat → Prop} (before : ∀ a, a < n → Q a) (last : Q n) :
    ∀ a, a < n + 1 → Q a := by
  intro a ha
  cases Nat.eq_or_lt_of_le (Nat.le_of_lt_succ ha) with
  | inl e => rw [e]; exact last
  | inr e => exact before a e

theorem one_of {n : Nat} {Q : Nat → Prop} (some : ∃ a, a < n ∧ Q a) (kept : Nat)
    (others : ∀ a, a < n → a ≠ kept → Q a → False) : Q kept := by
  cases some with
  | intro a ha =>
    cases Nat.decEq a kept with
    | isTrue e => rw [← e]; exact ha.2
    | isFalse e => exact absurd ha.2 (others a ha.1 e)

theorem none_of {n : Nat} {Q : Nat → Prop} (some : ∃ a, a < n ∧ Q a)
    (all : ∀ a, a < n → Q a → False) : False := by
  cases some with
  | intro a ha => exact all a ha.1 ha.2

theorem some_label {T : Type} {n : Nat} {f : Nat → T} (H : Bijective n f) (x : T) :
    ∃ a, a < n ∧ x = f a := by
  cases H.2 x with
  | intro a ha => exact ⟨a, ha.1, ha.2.symm⟩

theorem some_left {T : Type} {op : T → T → T} {n : Nat} {f : Nat → T} (H : Bijective n f)
    {q r : T} (e : ∃ x, op x q = r) : ∃ a, a < n ∧ op (f a) q = r := by
  cases e with
  | intro x hx =>
    cases H.2 x with
    | intro a ha => exact ⟨a, ha.1, (congrArg (fun y => op y q) ha.2).trans hx⟩

theorem some_right {T : Type} {op : T → T → T} {n : Nat} {f : Nat → T} (H : Bijective n f)
    {p r : T} (e : ∃ x, op p x = r) : ∃ a, a < n ∧ op p (f a) = r := by
  cases e with
  | intro x hx =>
    cases H.2 x with
    | intro a ha => exact ⟨a, ha.1, (congrArg (fun y => op p y) ha.2).trans hx⟩

theorem holds_append {T : Type} {op : T → T → T} {f g h : Nat → T} :
    ∀ (one two : List Cell), Holds op f g h one → Holds op f g h two →
      Holds op f g h (one ++ two)
  | [], _, _, K => K
  | _ :: rest, two, H, K => And.intro (holds_cons H).1 (holds_append rest two (holds_cons H).2 K)

theorem agrees_append {o : Nat → Nat → Nat} :
    ∀ (one two : List Cell), Agrees o one → Agrees o two → Agrees o (one ++ two)
  | [], _, _, K => K
  | _ :: rest, two, H, K => And.intro (agrees_cons H).1 (agrees_append rest two (agrees_cons H).2 K)

/-! Groups, and the labels of groups, of isotopes and of homotopes as elements. -/

structure Group where
  T : Type
  op : T → T → T
  one : T
  inv : T → T
  assoc : ∀ x y z, op (op x y) z = op x (op y z)
  one_left : ∀ x, op one x = x
  one_right : ∀ x, op x one = x
  inv_left : ∀ x, op (inv x) x = one
  inv_right : ∀ x, op x (inv x) = one

namespace Group
variable (G : Group)

theorem cancel_left (x y z : G.T) (k : G.op x y = G.op x z) : y = z := by
  rw [← G.one_left y, ← G.one_left z, ← G.inv_left x, G.assoc, G.assoc, k]

theorem cancel_right (x y z : G.T) (k : G.op y x = G.op z x) : y = z := by
  rw [← G.one_right y, ← G.one_right z, ← G.inv_right x, ← G.assoc, ← G.assoc, k]

/-- The x with x q = r, and the x with p x = r. -/
def over (r q : G.T) : G.T := G.op r (G.inv q)
def under (p r : G.T) : G.T := G.op (G.inv p) r

theorem over_times (r q : G.T) : G.op (G.over r q) q = r := by
  show G.op (G.op r (G.inv q)) q = r
  rw [G.assoc, G.inv_left, G.one_right]

theorem times_under (p r : G.T) : G.op p (G.under p r) = r := by
  show G.op p (G.op (G.inv p) r) = r
  rw [← G.assoc, G.inv_right, G.one_left]

end Group

/-- A group whose elements n labels number, where some products are known. -/
structure InGroup (n : Nat) (cells : List Cell) where
  G : Group
  f : Nat → G.T
  labels : Bijective n f
  given : Holds G.op f f f cells

/-- The same with labels of three kinds, where a row and a column are 1. -/
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

/-- The same where only symbols are apart, and only products of rows and columns are symbols. -/
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
def inside (n : Nat) : List Cell → Bool
  | [] => true
  | c :: rest => decide (c.1 < n) && (decide (c.2.1 < n) && (decide (c.2.2 < n) && inside n rest))

def insideAll (n : Nat) : List (List Cell) → Bool
  | [] => true
  | cells :: rest => inside n cells && insideAll n rest

theorem and_true {a b : Bool} (h : (a && b) = true) : a = true ∧ b = true := by
  revert h
  cases a <;> cases b <;> decide

theorem inside_at {n : Nat} {c : Cell} {rest : List Cell} (H : inside n (c :: rest) = true) :
    c.1 < n ∧ c.2.1 < n ∧ c.2.2 < n ∧ inside n rest = true :=
  let h1 := and_true H
  let h2 := and_true h1.2
  let h3 := and_true h2.2
  ⟨of_decide_eq_true h1.1, of_decide_eq_true h2.1, of_decide_eq_true h3.1, h3.2⟩

section Images
variable {n : Nat} {G : Group} {f g h : Nat → G.T} {o : Nat → Nat → Nat}

theorem image_cells (H : Homotope n G f g h o) (a0 b0 : Nat) :
    ∀ (cells : List Cell), inside n cells = true → Agrees o cells →
      Holds (with_numbers G).op (image_row G f a0) (image_column G g b0)
        (image_symbol n G f g h o a0 b0) cells
  | [], _, _ => True.intro
  | c :: rest, I, A => by
    have i := inside_at I
    refine And.intro ?_ (image_cells H a0 b0 rest i.2.2.2 (agrees_cons A).2)
    have e := image_product n G f g h o a0 b0 H c.1 c.2.1 i.1 i.2.1
    rw [(agrees_cons A).1] at e
    exact e

theorem cells_of_image (H : Homotope n G f g h o) (a0 b0 : Nat) :
    ∀ (cells : List Cell), inside n cells = true →
      Holds (with_numbers G).op (image_row G f a0) (image_column G g b0)
        (image_symbol n G f g h o a0 b0) cells → Agrees o cells
  | [], _, _ => True.intro
  | c :: rest, I, A => by
    have i := inside_at I
    refine And.intro ?_ (cells_of_image H a0 b0 rest i.2.2.2 (holds_cons A).2)
    have e := image_product n G f g h o a0 b0 H c.1 c.2.1 i.1 i.2.1
    have d := image_distinct n G f g h o a0 b0 H
    exact d (o c.1 c.2.1) c.2.2 (H.inside c.1 c.2.1 i.1 i.2.1) i.2.2.1 (e.symm.trans (holds_cons A).1)

theorem all_of_image (H : Homotope n G f g h o) (a0 b0 : Nat) :
    ∀ (rows : List (List Cell)), insideAll n rows = true →
      HoldsAll (with_numbers G).op (image_row G f a0) (image_column G g b0)
        (image_symbol n G f g h o a0 b0) rows → AgreesAll o rows
  | [], _, _ => True.intro
  | cells :: rest, I, A =>
    And.intro (cells_of_image H a0 b0 cells (and_true I).1 (all_cons A).1)
      (all_of_image H a0 b0 rest (and_true I).2 (all_cons A).2)

end Images


/-! A map of a finite set to itself that is one-to-one is onto. -/

theorem pigeon : ∀ (n : Nat) (p : Nat → Nat), (∀ a, a < n → p a < n) → OneToOne n p →
    ∀ c, c < n → ∃ a, a < n ∧ p a = c
  | 0, _, _, _, c, hc => absurd hc (Nat.not_lt_zero c)
  | n + 1, p, hp, one, c, hc => by
    have last : n < n + 1 := Nat.lt_succ_self n
    have up : ∀ a, a < n → a < n + 1 := fun a ha => Nat.lt_succ_of_lt ha
    have ne : ∀ a, a < n → p a ≠ p n := by
      intro a ha e
      have := one a n (up a ha) last e
      omega
    have below : ∀ a, a < n → (if p a = n then p n else p a) < n := by
      intro a ha
      have h1 := hp a (up a ha)
      have h2 := hp n last
      have h3 := ne a ha
      by_cases e : p a = n
      · rw [if_pos e]; omega
      · rw [if_neg e]; omega
    have distinct : OneToOne n (fun a => if p a = n then p n else p a) := by
      intro a b ha hb e
      have h1 := ne a ha
      have h2 := ne b hb
      have e2 : (if p a = n then p n else p a) = (if p b = n then p n else p b) := e
      by_cases ea : p a = n
      · by_cases eb : p b = n
        · exact one a b (up a ha) (up b hb) (ea.trans eb.symm)
        · rw [if_pos ea, if_neg eb] at e2
          exact absurd e2.symm h2
      · by_cases eb : p b = n
        · rw [if_neg ea, if_pos eb] at e2
          exact absurd e2 h1
        · rw [if_neg ea, if_neg eb] at e2
          exact one a b (up a ha) (up b hb) e2
    have onto := pigeon n (fun a => if p a = n then p n else p a) below distinct
    by_cases e : c = p n
    · exact ⟨n, last, e.symm⟩
    · by_cases ec : c = n
      · have hn : p n < n := by
          have h2 := hp n last
          omega
        cases onto (p n) hn with
        | intro a ha =>
          have k : (if p a = n then p n else p a) = p n := ha.2
          by_cases ea : p a = n
          · exact ⟨a, up a ha.1, ea.trans ec.symm⟩
          · rw [if_neg ea] at k
            exact absurd k (ne a ha.1)
      · have hn : c < n := by omega
        cases onto c hn with
        | intro a ha =>
          have k : (if p a = n then p n else p a) = c := ha.2
          by_cases ea : p a = n
          · rw [if_pos ea] at k
            exact absurd k.symm e
          · rw [if_neg ea] at k
            exact ⟨a, up a ha.1, k⟩

theorem onto {T : Type} {n : Nat} {f : Nat → T} (H : Bijective n f) (m : T → T)
    (one : ∀ x y, m x = m y → x = y) (z : T) : ∃ y, m y = z := by
  have below : ∀ a, a < n → Classical.choose (H.2 (m (f a))) < n :=
    fun a _ => (Classical.choose_spec (H.2 (m (f a)))).1
  have value : ∀ a, f (Classical.choose (H.2 (m (f a)))) = m (f a) :=
    fun a => (Classical.choose_spec (H.2 (m (f a)))).2
  have distinct : OneToOne n (fun a => Classical.choose (H.2 (m (f a)))) := by
    intro a b ha hb e
    have e2 : f (Classical.choose (H.2 (m (f a)))) = f (Classical.choose (H.2 (m (f b)))) :=
      congrArg f e
    rw [value a, value b] at e2
    exact H.1 a b ha hb (one (f a) (f b) e2)
  cases H.2 z with
  | intro c hc =>
    cases pigeon n (fun a => Classical.choose (H.2 (m (f a)))) below distinct c hc.1 with
    | intro a ha =>
      refine ⟨f a, ?_⟩
      have e : Classical.choose (H.2 (m (f a))) = c := ha.2
      rw [← value a, e, hc.2]

/-! Quadrangles: in a group three products of two rows and two columns give the fourth. -/

theorem fourth (G : Group) {p q r s x y z u : G.T} (h1 : G.op p r = x) (h2 : G.op p s = y)
    (h3 : G.op q r = z) (h4 : G.op q s = u) : u = G.op (G.op z (G.inv x)) y := by
  have e1 : G.op (G.op z (G.inv x)) x = z := by
    rw [G.assoc, G.inv_left, G.one_right]
  have e2 : G.op (G.op z (G.inv x)) p = q := by
    apply G.cancel_right r
    rw [G.assoc, h1, e1, h3]
  rw [← h4, ← e2, G.assoc, h2]

theorem twice_in_a_row (G : Group) {n : Nat} {g : Nat → G.T} (one : OneToOne n g) {p x : G.T}
    (b c : Nat) (hb : b < n) (hc : c < n) (different : b ≠ c) (h1 : G.op p (g b) = x)
    (h2 : G.op p (g c) = x) : False :=
  different (one b c hb hc (G.cancel_left _ _ _ (h1.trans h2.symm)))

theorem twice_in_a_column (G : Group) {n : Nat} {f : Nat → G.T} (one : OneToOne n f) {q x : G.T}
    (a b : Nat) (ha : a < n) (hb : b < n) (different : a ≠ b) (h1 : G.op (f a) q = x)
    (h2 : G.op (f b) q = x) : False :=
  different (one a b ha hb (G.cancel_right _ _ _ (h1.trans h2.symm)))

/-! Full tables. -/

def pick {A : Type} (none : A) : List A → Nat → A
  | [], _ => none
  | x :: _, 0 => x
  | _ :: rest, i + 1 => pick none rest i

def entry (l : List Nat) (i : Nat) : Nat := pick 0 l i
def cell (t : List (List Nat)) (a b : Nat) : Nat := entry (pick [] t a) b

instance decideAgrees (o : Nat → Nat → Nat) : (cells : List Cell) → Decidable (Agrees o cells)
  | [] => isTrue True.intro
  | _ :: rest => @instDecidableAnd _ _ (Nat.decEq _ _) (decideAgrees o rest)

abbrev Closed (n : Nat) (t : List (List Nat)) : Prop := ∀ a, a < n → ∀ b, b < n → cell t a b < n
abbrev IsUnit (n : Nat) (t : List (List Nat)) (e : Nat) : Prop :=
  e < n ∧ ∀ x, x < n → cell t e x = x ∧ cell t x e = x
abbrev AreInverses (n : Nat) (t : List (List Nat)) (e : Nat) (inverses : List Nat) : Prop :=
  ∀ x, x < n → entry inverses x < n ∧ cell t x (entry inverses x) = e ∧
    cell t (entry inverses x) x = e

/-- A table is a group with a unit and inverses. -/
abbrev IsGroup (n : Nat) (t : List (List Nat)) (e : Nat) (inverses : List Nat) : Prop :=
  Closed n t ∧
  (∀ a, a < n → ∀ b, b < n → ∀ c, c < n → cell t (cell t a b) c = cell t a (cell t b c)) ∧
  IsUnit n t e ∧ AreInverses n t e inverses

abbrev Distinct (n : Nat) (f : List Nat) : Prop :=
  ∀ a, a < n → entry f a < n ∧ ∀ b, b < n → entry f a = entry f b → a = b

/-- Three one-to-one maps take a table to one of a group. -/
abbrev IsIsotope (n : Nat) (t G : List (List Nat)) (f g h : List Nat) : Prop :=
  Closed n t ∧ Distinct n f ∧ Distinct n g ∧ Distinct n h ∧
  ∀ a, a < n → ∀ b, b < n → cell G (entry f a) (entry g b) = entry h (cell t a b)

/-- Three maps take a table to one of a group of order m, and keep apart what occurs. -/
abbrev IsHomotope (n m : Nat) (t G : List (List Nat)) (f g h : List Nat) : Prop :=
  Closed n t ∧ (∀ a, a < n → entry f a < m ∧ entry g a < m ∧ entry h a < m) ∧
  (∀ a, a < n → ∀ b, b < n → ∀ c, c < n → ∀ d, d < n →
    entry h (cell t a b) = entry h (cell t c d) → cell t a b = cell t c d) ∧
  ∀ a, a < n → ∀ b, b < n → cell G (entry f a) (entry g b) = entry h (cell t a b)

/-! Permutations of 0, ..., d - 1 as lists of images, multiplied from left to right. -/

def followed (p q : List Nat) : List Nat := p.map (entry q)
def productOf (d : Nat) (word : List (List Nat)) : List Nat := word.foldl followed (List.range d)

/-- Elements go to permutations one-to-one, products to products, generators to the given
permutations, of which each image is a product. -/
abbrev IsIsomorphism (n : Nat) (t : List (List Nat)) (d : Nat) (generators : List Nat)
    (permutations images words : List (List Nat)) : Prop :=
  (∀ a, a < n → (pick [] images a).length = d ∧ Distinct d (pick [] images a)) ∧
  (∀ a, a < n → ∀ b, b < n →
    pick [] images (cell t a b) = followed (pick [] images a) (pick [] images b)) ∧
  (∀ a, a < n → ∀ b, b < n → pick [] images a = pick [] images b → a = b) ∧
  generators.map (pick [] images) = permutations ∧
  ∀ a, a < n → pick [] images a =
    productOf d ((pick [] words a).map (pick [] permutations))

/-- Multiply by the elements of a word, or divide where it says false. -/
def walk (t : List (List Nat)) (inverses : List Nat) : Nat → List (Nat × Bool) → Nat
  | x, [] => x
  | x, (g, true) :: word => walk t inverses (cell t x g) word
  | x, (g, false) :: word => walk t inverses (cell t x (entry inverses g)) word

/-! Sums of powers of z, where z^e = 1, as lists of whole coefficients. Two are equal if they are so
modulo the e-th cyclotomic polynomial. -/

def plus : List Int → List Int → List Int
  | [], y => y
  | a :: x, [] => a :: x
  | a :: x, b :: y => (a + b) :: plus x y
def scale (k : Int) (x : List Int) : List Int := x.map (fun a => k * a)
def product : List Int → List Int → List Int
  | [], _ => []
  | a :: x, y => plus (scale a y) (0 :: product x y)

/-- The remainder by a polynomial whose leading coefficient 1 is left out. -/
def remainder (p : List Int) : List Int → List Int
  | [] => p.map (fun _ => 0)
  | a :: x =>
    let r := remainder p x
    plus (a :: r.dropLast) (scale (-(pick 0 r (p.length - 1))) p)
abbrev Same (p x y : List Int) : Prop := remainder p x = remainder p y
def conjugate : List Int → List Int
  | [] => []
  | a :: x => a :: x.reverse

/-- The values of a row at the elements: each class has one. -/
def chi (classOf : List Nat) (row : List (List Int)) (x : Nat) : List Int :=
  pick [] row (entry classOf x)
def total (n : Nat) (value : Nat → List Int) : List Int :=
  (List.range n).foldr (fun x sum => plus (value x) sum) []

/-- Two elements are in one class if and only if they are conjugate. -/
abbrev AreClasses (n : Nat) (t : List (List Nat)) (classOf : List Nat) : Prop :=
  ∀ x, x < n → ∀ y, y < n → decide (entry classOf x = entry classOf y) =
    (List.range n).any (fun g => decide (cell t g x = cell t y g))

/-- Each row has a positive degree d, and for all g and h the sum of chi(y h) over all y in the
class of g, times d, is the size of the class times chi(g) chi(h). -/
abbrev AreMultiplicative (n : Nat) (t : List (List Nat)) (e : Nat) (classOf : List Nat)
    (p : List Int) (degrees : List Int) (rows : List (List (List Int))) : Prop :=
  ∀ r, r < rows.length → 0 < pick 0 degrees r ∧
    Same p (chi classOf (pick [] rows r) e) [pick 0 degrees r] ∧
    ∀ g, g < n → ∀ h, h < n →
      Same p
        (scale (pick 0 degrees r) (total n (fun y =>
          if entry classOf y = entry classOf g then chi classOf (pick [] rows r) (cell t y h)
          else [])))
        (scale (Int.ofNat ((List.range n).filter (fun y =>
            decide (entry classOf y = entry classOf g))).length)
          (product (chi classOf (pick [] rows r) g) (chi classOf (pick [] rows r) h)))

/-- The sum over all x of a row times the conjugate of another is n or 0. -/
abbrev AreOrthonormal (n : Nat) (classOf : List Nat) (p : List Int)
    (rows : List (List (List Int))) : Prop :=
  ∀ r, r < rows.length → ∀ s, s < rows.length →
    Same p (total n (fun x => product (chi classOf (pick [] rows r) x)
        (conjugate (chi classOf (pick [] rows s) x))))
      (if r = s then [Int.ofNat n] else [])

