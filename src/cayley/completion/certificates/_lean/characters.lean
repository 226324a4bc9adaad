/-! Sums of powers of z, where z^e = 1, as lists of whole coefficients. Two are equal if they are so
modulo the e-th cyclotomic polynomial. -/

def plus : List Int → List Int → List Int
  | [], y => y
  | a :: x, [] => a :: x
  | a :: x, b :: y => (a + b) :: plus x y
def scale (k : Int) (x : List Int) : List Int := x.map (fun a => k * a)
def multiplied : List Int → List Int → List Int
  | [], _ => []
  | a :: x, y => plus (scale a y) (0 :: multiplied x y)

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
          (multiplied (chi classOf (pick [] rows r) g) (chi classOf (pick [] rows r) h)))

/-- The sum over all x of a row times the conjugate of another is n or 0. -/
abbrev AreOrthonormal (n : Nat) (classOf : List Nat) (p : List Int)
    (rows : List (List (List Int))) : Prop :=
  ∀ r, r < rows.length → ∀ s, s < rows.length →
    Same p (total n (fun x => multiplied (chi classOf (pick [] rows r) x)
        (conjugate (chi classOf (pick [] rows s) x))))
      (if r = s then [Int.ofNat n] else [])
