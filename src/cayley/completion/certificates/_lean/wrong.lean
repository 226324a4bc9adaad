/-! Wrong cells, by their places in a list: one of each set of cells that contradict each other. -/

/-- Whether a place is among some. -/
def among (i : Nat) : List Nat → Bool
  | [] => false
  | x :: rest => decide (i = x) || among i rest

theorem among_cons {i x : Nat} {rest : List Nat} (h : among i (x :: rest) = true) :
    i = x ∨ among i rest = true := by
  have h2 : (decide (i = x) || among i rest) = true := h
  by_cases e : i = x
  · exact Or.inl e
  · rw [decide_eq_false e] at h2
    exact Or.inr h2

theorem among_head (x : Nat) (rest : List Nat) : among x (x :: rest) = true := by
  simp [among]

theorem among_tail {i : Nat} (x : Nat) {rest : List Nat} (h : among i rest = true) :
    among i (x :: rest) = true := by
  simp [among, h]

/-- The cells at some places. -/
def cellsAt (cells : List Cell) : List Nat → List Cell
  | [] => []
  | i :: rest => cellAt cells i :: cellsAt cells rest

/-- The cells whose places, counted from k on, are not among some. -/
def allBut (bad : List Nat) : Nat → List Cell → List Cell
  | _, [] => []
  | k, c :: rest => if among k bad = true then allBut bad (k + 1) rest
                    else c :: allBut bad (k + 1) rest

/-- A list without the first place that is x. -/
def drop (x : Nat) : List Nat → List Nat
  | [] => []
  | y :: rest => if y = x then rest else y :: drop x rest

theorem drop_length (x : Nat) : ∀ (l : List Nat), among x l = true →
    (drop x l).length + 1 = l.length
  | [], h => no_false h
  | y :: rest, h => by
    by_cases e : y = x
    · have d : drop x (y :: rest) = rest := if_pos e
      rw [d, List.length_cons]
    · have d : drop x (y :: rest) = y :: drop x rest := if_neg e
      have h2 : among x rest = true := by
        cases among_cons h with
        | inl e2 => exact absurd e2.symm e
        | inr h2 => exact h2
      rw [d]
      have ih := drop_length x rest h2
      show (drop x rest).length + 1 + 1 = rest.length + 1
      rw [ih]

theorem drop_among {x i : Nat} (different : i ≠ x) : ∀ (l : List Nat), among i l = true →
    among i (drop x l) = true
  | [], h => h
  | y :: rest, h => by
    by_cases e : y = x
    · have d : drop x (y :: rest) = rest := if_pos e
      rw [d]
      cases among_cons h with
      | inl e2 => exact absurd (e2.trans e) different
      | inr h2 => exact h2
    · have d : drop x (y :: rest) = y :: drop x rest := if_neg e
      rw [d]
      cases among_cons h with
      | inl e2 => subst e2; exact among_head _ _
      | inr h2 => exact among_tail y (drop_among different rest h2)

/-- A choice of places has one of each set. -/
def Meets (bad : List Nat) : List (List Nat) → Prop
  | [] => True
  | s :: rest => (∃ i, among i s = true ∧ among i bad = true) ∧ Meets bad rest

theorem meets_cons {bad : List Nat} {s : List Nat} {rest : List (List Nat)}
    (H : Meets bad (s :: rest)) :
    (∃ i, among i s = true ∧ among i bad = true) ∧ Meets bad rest := H

/-- Whether a set has no place with some others in common, and whether none of some have. -/
def apartFrom (s : List Nat) : List (List Nat) → Bool
  | [] => true
  | t :: rest => s.all (fun i => !(among i t)) && apartFrom s rest
def allApart : List (List Nat) → Bool
  | [] => true
  | s :: rest => apartFrom s rest && allApart rest

theorem all_among {p : Nat → Bool} : ∀ (s : List Nat), s.all p = true →
    ∀ i, among i s = true → p i = true
  | [], _, _, hi => no_false hi
  | x :: rest, h, i, hi => by
    have h2 : p x = true ∧ rest.all p = true := and_true h
    cases among_cons hi with
    | inl e => subst e; exact h2.1
    | inr e => exact all_among rest h2.2 i e

theorem meets_drop {bad s : List Nat} {x : Nat} (hx : among x s = true) :
    ∀ (sets : List (List Nat)), apartFrom s sets = true → Meets bad sets →
      Meets (drop x bad) sets
  | [], _, _ => True.intro
  | t :: rest, h, H => by
    have h2 : s.all (fun i => !(among i t)) = true ∧ apartFrom s rest = true := and_true h
    refine And.intro ?_ (meets_drop hx rest h2.2 (meets_cons H).2)
    cases (meets_cons H).1 with
    | intro i hi =>
      have out : (!(among x t)) = true := all_among s h2.1 x hx
      have different : i ≠ x := by
        intro e
        have k : among i t = true := hi.1
        rw [e] at k
        rw [k] at out
        exact no_false out
      exact ⟨i, hi.1, drop_among different bad hi.2⟩

theorem at_least : ∀ (sets : List (List Nat)) (bad : List Nat), allApart sets = true →
    Meets bad sets → sets.length ≤ bad.length
  | [], bad, _, _ => Nat.zero_le bad.length
  | s :: rest, bad, h, H => by
    have h2 : apartFrom s rest = true ∧ allApart rest = true := and_true h
    cases (meets_cons H).1 with
    | intro x hx =>
      have m := meets_drop hx.1 rest h2.1 (meets_cons H).2
      have ih := at_least rest (drop x bad) h2.2 m
      have d := drop_length x bad hx.2
      show rest.length + 1 ≤ bad.length
      omega

/-- The places of a set but one. -/
def avoid (x : Nat) : List Nat → List Nat
  | [] => []
  | y :: rest => if y = x then avoid x rest else y :: avoid x rest

theorem avoid_among {x i : Nat} (different : i ≠ x) : ∀ (s : List Nat), among i s = true →
    among i (avoid x s) = true
  | [], h => h
  | y :: rest, h => by
    by_cases e : y = x
    · have d : avoid x (y :: rest) = avoid x rest := if_pos e
      rw [d]
      cases among_cons h with
      | inl e2 => exact absurd (e2.trans e) different
      | inr h2 => exact avoid_among different rest h2
    · have d : avoid x (y :: rest) = y :: avoid x rest := if_neg e
      rw [d]
      cases among_cons h with
      | inl e2 => subst e2; exact among_head _ _
      | inr h2 => exact among_tail y (avoid_among different rest h2)

theorem meets_avoid {bad : List Nat} {x : Nat} (out : among x bad = false) :
    ∀ (sets : List (List Nat)), Meets bad sets → Meets bad (sets.map (avoid x))
  | [], _ => True.intro
  | s :: rest, H => by
    refine And.intro ?_ (meets_avoid out rest (meets_cons H).2)
    cases (meets_cons H).1 with
    | intro i hi =>
      have different : i ≠ x := by
        intro e
        have k : among i bad = true := hi.2
        rw [e, out] at k
        exact no_false k
      exact ⟨i, avoid_among different s hi.1, hi.2⟩

/-- If sets have nothing but x in common, and are more than the places, x is one of these. -/
theorem has_common (x : Nat) (sets : List (List Nat)) (bad : List Nat)
    (h : allApart (sets.map (avoid x)) = true) (few : bad.length < (sets.map (avoid x)).length)
    (H : Meets bad sets) : among x bad = true := by
  cases e : among x bad with
  | true => rfl
  | false =>
    have m := at_least (sets.map (avoid x)) bad h (meets_avoid e sets H)
    omega

theorem meets_single {bad : List Nat} : ∀ (these : List Nat),
    (∀ i, among i these = true → among i bad = true) → Meets bad (these.map (fun x => [x]))
  | [], _ => True.intro
  | x :: rest, H =>
    And.intro ⟨x, among_head x [], H x (among_head x rest)⟩
      (meets_single rest (fun i hi => H i (among_tail x hi)))

/-- Places that contain different ones, and are no more than these, are just these. -/
theorem just (these bad : List Nat) (h : allApart (these.map (fun x => [x])) = true)
    (few : bad.length ≤ (these.map (fun x => [x])).length)
    (H : ∀ i, among i these = true → among i bad = true) (i : Nat) (hi : among i bad = true) :
    among i these = true := by
  cases e : among i these with
  | true => rfl
  | false =>
    have inside : ∀ j, among j these = true → among j (drop i bad) = true := by
      intro j hj
      have different : j ≠ i := by
        intro k
        rw [k, e] at hj
        exact no_false hj
      exact drop_among different bad (H j hj)
    have m := at_least (these.map (fun x => [x])) (drop i bad) h (meets_single these inside)
    have d := drop_length i bad hi
    omega

section Wrong
variable {T : Type} {op : T → T → T} {f g h : Nat → T}

theorem kept_at (bad : List Nat) : ∀ (cells : List Cell) (k : Nat),
    Holds op f g h (allBut bad k cells) → ∀ i, i < size cells → among (k + i) bad = false →
      op (f (cellAt cells i).1) (g (cellAt cells i).2.1) = h (cellAt cells i).2.2
  | [], _, _, i, hi, _ => absurd hi (Nat.not_lt_zero i)
  | c :: rest, k, H, 0, _, out => by
    have out2 : ¬ (among k bad = true) := by
      intro e
      have out3 : among k bad = false := out
      rw [e] at out3
      exact no_false out3.symm
    have d : allBut bad k (c :: rest) = c :: allBut bad (k + 1) rest := if_neg out2
    rw [d] at H
    exact (holds_cons H).1
  | c :: rest, k, H, i + 1, hi, out => by
    have out2 : among (k + 1 + i) bad = false := by
      have e : k + 1 + i = k + (i + 1) := by omega
      rw [e]
      exact out
    have H2 : Holds op f g h (allBut bad (k + 1) rest) := by
      by_cases e : among k bad = true
      · have d : allBut bad k (c :: rest) = allBut bad (k + 1) rest := if_pos e
        rw [d] at H
        exact H
      · have d : allBut bad k (c :: rest) = c :: allBut bad (k + 1) rest := if_neg e
        rw [d] at H
        exact (holds_cons H).2
    exact kept_at bad rest (k + 1) H2 i (Nat.lt_of_succ_lt_succ hi) out2

theorem holds_cells_at (cells : List Cell) : ∀ (s : List Nat),
    (∀ i, among i s = true →
      op (f (cellAt cells i).1) (g (cellAt cells i).2.1) = h (cellAt cells i).2.2) →
    Holds op f g h (cellsAt cells s)
  | [], _ => True.intro
  | x :: rest, H =>
    And.intro (H x (among_head x rest))
      (holds_cells_at cells rest (fun i hi => H i (among_tail x hi)))

/-- One of some cells that contradict each other is wrong. -/
theorem one_wrong (cells : List Cell) (bad s : List Nat)
    (inside : s.all (fun i => decide (i < size cells)) = true)
    (contradict : Holds op f g h (cellsAt cells s) → False)
    (H : Holds op f g h (allBut bad 0 cells)) : ∃ i, among i s = true ∧ among i bad = true := by
  apply Classical.byContradiction
  intro none
  apply contradict
  apply holds_cells_at cells s
  intro i hi
  have out : among (0 + i) bad = false := by
    rw [Nat.zero_add]
    cases e : among i bad with
    | true => exact absurd ⟨i, hi, e⟩ none
    | false => rfl
  exact kept_at bad cells 0 H i (of_decide_eq_true (all_among s inside i hi)) out

end Wrong
