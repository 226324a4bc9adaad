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

theorem and_true {a b : Bool} (h : (a && b) = true) : a = true ∧ b = true := by
  revert h
  cases a <;> cases b <;> decide

theorem no_false {P : Prop} (h : false = true) : P := by
  cases h

theorem bool_eq {a b : Bool} (h : a = true → b = true) (k : b = true → a = true) : a = b := by
  cases a with
  | true => exact (h rfl).symm
  | false =>
    cases b with
    | true => exact k rfl
    | false => rfl

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
