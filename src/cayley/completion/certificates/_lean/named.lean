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
