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
