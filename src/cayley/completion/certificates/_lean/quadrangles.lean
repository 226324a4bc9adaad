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
