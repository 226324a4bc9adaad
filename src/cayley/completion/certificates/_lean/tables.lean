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
