/-! Polynomials in the row a and the column b modulo a prime p. They have one list of coefficients
for each class of columns, b modulo the number of classes, and one of monomials a^i b^j. -/

/-- A cell: row, column, value. -/
abbrev Residues := Int × Int × Int

def dot : List Int → List Int → Int
  | [], _ => 0
  | _ :: _, [] => 0
  | a :: x, b :: y => a * b + dot x y

def powerOf (p x : Int) : Nat → Int
  | 0 => 1
  | k + 1 => (powerOf p x k * x) % p

/-- x^i; x^(p - 2) is the inverse of x. -/
def power (p x i : Int) : Int := powerOf p x (if i < 0 then (p - 2) * -i else i).toNat

def kindOf (monomials : List (List (Int × Int))) (b : Int) : Nat :=
  (b % Int.ofNat monomials.length).toNat

def termsOf (p : Int) (monomials : List (List (Int × Int))) (t : Residues) : List Int :=
  (pick [] monomials (kindOf monomials t.2.1)).map (fun m => power p t.1 m.1 * power p t.2.1 m.2)

def valueAt (p : Int) (monomials : List (List (Int × Int))) (coefficients : List (List Int))
    (t : Residues) : Int :=
  dot (pick [] coefficients (kindOf monomials t.2.1)) (termsOf p monomials t) % p

/-- A polynomial has the values of some cells. -/
def Through (p : Int) (monomials : List (List (Int × Int))) (coefficients : List (List Int)) :
    List Residues → Prop
  | [] => True
  | t :: rest => valueAt p monomials coefficients t = t.2.2 ∧ Through p monomials coefficients rest

theorem through_cons {p : Int} {monomials : List (List (Int × Int))}
    {coefficients : List (List Int)} {t : Residues} {rest : List Residues}
    (H : Through p monomials coefficients (t :: rest)) :
    valueAt p monomials coefficients t = t.2.2 ∧ Through p monomials coefficients rest := H

instance decideThrough (p : Int) (monomials : List (List (Int × Int)))
    (coefficients : List (List Int)) :
    (cells : List Residues) → Decidable (Through p monomials coefficients cells)
  | [] => isTrue True.intro
  | _ :: rest =>
    @instDecidableAnd _ _ (Int.decEq _ _) (decideThrough p monomials coefficients rest)

def residuesAt (cells : List Residues) (i : Nat) : Residues := pick (0, 0, 0) cells i

theorem through_at {p : Int} {monomials : List (List (Int × Int))}
    {coefficients : List (List Int)} : ∀ (cells : List Residues),
    Through p monomials coefficients cells → ∀ i, i < cells.length →
    valueAt p monomials coefficients (residuesAt cells i) = (residuesAt cells i).2.2
  | [], _, i, hi => absurd hi (Nat.not_lt_zero i)
  | _ :: _, H, 0, _ => (through_cons H).1
  | _ :: rest, H, i + 1, hi => through_at rest (through_cons H).2 i (Nat.lt_of_succ_lt_succ hi)

/-! The equation of a cell is a combination of those of given cells, by their places. -/

def sumOf : List Int → List Int → List Int
  | [], y => y
  | a :: x, [] => a :: x
  | a :: x, b :: y => (a + b) :: sumOf x y
def multipleOf (k : Int) : List Int → List Int
  | [] => []
  | a :: x => (k * a) :: multipleOf k x

theorem dot_nil : ∀ (c : List Int), dot c [] = 0
  | [] => rfl
  | _ :: _ => rfl

theorem dot_sum : ∀ (c x y : List Int), dot c (sumOf x y) = dot c x + dot c y
  | [], _, _ => (Int.add_zero 0).symm
  | k :: c, [], y => (Int.zero_add (dot (k :: c) y)).symm
  | k :: c, a :: x, [] => (Int.add_zero (dot (k :: c) (a :: x))).symm
  | k :: c, a :: x, b :: y => by
    have ih := dot_sum c x y
    have d := Int.mul_add k a b
    show k * (a + b) + dot c (sumOf x y) = (k * a + dot c x) + (k * b + dot c y)
    omega

theorem dot_multiple (k : Int) : ∀ (c x : List Int), dot c (multipleOf k x) = k * dot c x
  | [], _ => (Int.mul_zero k).symm
  | _ :: _, [] => (Int.mul_zero k).symm
  | m :: c, a :: x => by
    have ih := dot_multiple k c x
    show m * (k * a) + dot c (multipleOf k x) = k * (m * a + dot c x)
    rw [ih, Int.mul_add k (m * a) (dot c x), Int.mul_left_comm m k a]

def sameModulo (p : Int) : List Int → List Int → Bool
  | [], [] => true
  | [], _ :: _ => false
  | _ :: _, [] => false
  | a :: x, b :: y => decide (a % p = b % p) && sameModulo p x y

theorem dot_modulo (p : Int) : ∀ (c x y : List Int), sameModulo p x y = true →
    dot c x % p = dot c y % p
  | [], _, _, _ => rfl
  | _ :: _, [], [], _ => rfl
  | _ :: _, [], _ :: _, h => no_false h
  | _ :: _, _ :: _, [], h => no_false h
  | k :: c, a :: x, b :: y, h => by
    have h2 : decide (a % p = b % p) = true ∧ sameModulo p x y = true := and_true h
    have e := of_decide_eq_true h2.1
    have ih := dot_modulo p c x y h2.2
    show (k * a + dot c x) % p = (k * b + dot c y) % p
    rw [Int.add_emod (k * a) (dot c x) p, Int.mul_emod k a p, e, ih, ← Int.mul_emod k b p,
      ← Int.add_emod (k * b) (dot c y) p]

theorem step_modulo (p k x y u v : Int) (hx : x % p = y % p) (hu : u % p = v % p) :
    (k * x + u) % p = (k * y + v) % p := by
  rw [Int.add_emod (k * x) u p, Int.mul_emod k x p, hx, hu, ← Int.mul_emod k y p,
    ← Int.add_emod (k * y) v p]

def leftSide (p : Int) (monomials : List (List (Int × Int))) (cells : List Residues) :
    List (Nat × Int) → List Int
  | [] => []
  | u :: rest => sumOf (multipleOf u.2 (termsOf p monomials (residuesAt cells u.1)))
                   (leftSide p monomials cells rest)
def rightSide (cells : List Residues) : List (Nat × Int) → Int
  | [] => 0
  | u :: rest => u.2 * (residuesAt cells u.1).2.2 + rightSide cells rest

/-- Whether the cells that are used are given ones of the class of a cell. -/
def usable (monomials : List (List (Int × Int))) (cells : List Residues) (t : Residues) :
    List (Nat × Int) → Bool
  | [] => true
  | u :: rest => (decide (u.1 < cells.length) &&
      decide (kindOf monomials (residuesAt cells u.1).2.1 = kindOf monomials t.2.1)) &&
      usable monomials cells t rest

def follows (p : Int) (monomials : List (List (Int × Int))) (cells : List Residues)
    (t : Residues) (used : List (Nat × Int)) : Bool :=
  usable monomials cells t used &&
    (sameModulo p (leftSide p monomials cells used) (termsOf p monomials t) &&
      decide (rightSide cells used % p = t.2.2))

theorem combined {p : Int} {monomials : List (List (Int × Int))} {cells : List Residues}
    {coefficients : List (List Int)} (H : Through p monomials coefficients cells) (t : Residues) :
    ∀ (used : List (Nat × Int)), usable monomials cells t used = true →
      dot (pick [] coefficients (kindOf monomials t.2.1)) (leftSide p monomials cells used) % p
        = rightSide cells used % p
  | [], _ => by
    show dot (pick [] coefficients (kindOf monomials t.2.1)) [] % p = 0 % p
    rw [dot_nil]
  | u :: rest, h => by
    have h2 : (decide (u.1 < cells.length) &&
        decide (kindOf monomials (residuesAt cells u.1).2.1 = kindOf monomials t.2.1)) = true ∧
        usable monomials cells t rest = true := and_true h
    have h3 := and_true h2.1
    have e := of_decide_eq_true h3.2
    have ih := combined H t rest h2.2
    have v : dot (pick [] coefficients (kindOf monomials (residuesAt cells u.1).2.1))
        (termsOf p monomials (residuesAt cells u.1)) % p = (residuesAt cells u.1).2.2 :=
      through_at cells H u.1 (of_decide_eq_true h3.1)
    rw [e] at v
    show dot (pick [] coefficients (kindOf monomials t.2.1))
        (sumOf (multipleOf u.2 (termsOf p monomials (residuesAt cells u.1)))
          (leftSide p monomials cells rest)) % p
      = (u.2 * (residuesAt cells u.1).2.2 + rightSide cells rest) % p
    rw [dot_sum, dot_multiple]
    apply step_modulo
    · exact (Int.emod_emod _ p).symm.trans (congrArg (fun x => x % p) v)
    · exact ih

theorem follows_sound {p : Int} {monomials : List (List (Int × Int))} {cells : List Residues}
    {coefficients : List (List Int)} (H : Through p monomials coefficients cells) (t : Residues)
    (used : List (Nat × Int)) (h : follows p monomials cells t used = true) :
    valueAt p monomials coefficients t = t.2.2 := by
  have h2 : usable monomials cells t used = true ∧
      (sameModulo p (leftSide p monomials cells used) (termsOf p monomials t) &&
        decide (rightSide cells used % p = t.2.2)) = true := and_true h
  have h3 := and_true h2.2
  have m := dot_modulo p (pick [] coefficients (kindOf monomials t.2.1)) _ _ h3.1
  exact m.symm.trans ((combined H t used h2.1).trans (of_decide_eq_true h3.2))

def allFollow (p : Int) (monomials : List (List (Int × Int))) (cells : List Residues) :
    List Residues → List (List (Nat × Int)) → Bool
  | [], _ => true
  | _ :: _, [] => false
  | t :: rest, used :: more =>
    follows p monomials cells t used && allFollow p monomials cells rest more

theorem all_through {p : Int} {monomials : List (List (Int × Int))} {cells : List Residues}
    {coefficients : List (List Int)} (H : Through p monomials coefficients cells) :
    ∀ (table : List Residues) (used : List (List (Nat × Int))),
      allFollow p monomials cells table used = true → Through p monomials coefficients table
  | [], _, _ => True.intro
  | _ :: _, [], h => no_false h
  | t :: rest, used :: more, h => by
    have h2 : follows p monomials cells t used = true ∧
        allFollow p monomials cells rest more = true := and_true h
    exact And.intro (follows_sound H t used h2.1) (all_through H rest more h2.2)

