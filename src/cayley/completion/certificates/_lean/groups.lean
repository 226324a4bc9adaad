/-! Groups, and their labels. -/

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
