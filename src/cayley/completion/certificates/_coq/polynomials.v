(* Polynomials in the row a and the column b modulo a prime p. They have one list of coefficients
   for each class of columns, b modulo the number of classes, and one of monomials a^i b^j. *)

Open Scope Z_scope.

Definition is_prime (p : Z) : Prop := 1 < p /\ forall d, 1 < d -> d < p -> p mod d <> 0.

Fixpoint dot (x y : list Z) : Z :=
  match x, y with a :: x, b :: y => a * b + dot x y | _, _ => 0 end.

Section Form.
Variables (p : Z) (monomials : list (list (Z * Z))).

(* x^i; x^(p - 2) is the inverse of x. *)
Definition power (x i : Z) : Z :=
  Nat.iter (Z.to_nat (if i <? 0 then (p - 2) * - i else i)) (fun y => (y * x) mod p) 1.
Definition class (b : Z) : Z := b mod Z.of_nat (length monomials).
Definition terms (a b : Z) : list Z :=
  map (fun ij => power a (fst ij) * power b (snd ij)) (nth (Z.to_nat (class b)) monomials []).
Definition value (coefficients : list (list Z)) (a b : Z) : Z :=
  dot (nth (Z.to_nat (class b)) coefficients []) (terms a b) mod p.
Definition through (coefficients : list (list Z)) (cells : list (Z * Z * Z)) : Prop :=
  forall a b c, In (a, b, c) cells -> value coefficients a b = c.

(* The equation of a cell is a combination of those of given cells. *)

Lemma dot_plus : forall c x y, dot c (plus x y) = dot c x + dot c y.
Proof.
  induction c as [|k c IH]; intros x y; [reflexivity|].
  destruct x as [|a x]; [reflexivity|]. destruct y as [|b y]; simpl; [lia|]. rewrite IH. lia.
Qed.
Lemma dot_scale : forall c k x, dot c (scale k x) = k * dot c x.
Proof.
  induction c as [|m c IH]; intros k x; [simpl; lia|].
  destruct x as [|a x]; simpl; [lia|]. rewrite IH. lia.
Qed.

Definition modulo (x : list Z) : list Z := map (fun a => a mod p) x.
Hypothesis Hp : p <> 0.

Lemma dot_modulo : forall c x y, equal_numbers (modulo x) (modulo y) = true ->
  dot c x mod p = dot c y mod p.
Proof.
  induction c as [|k c IH]; intros x y H; [reflexivity|].
  destruct x as [|a x], y as [|b y]; simpl in H; try discriminate; [reflexivity|].
  apply andb_prop in H. destruct H as [H1 H2]. apply Z.eqb_eq in H1. specialize (IH x y H2). simpl.
  rewrite Z.add_mod, Z.mul_mod by exact Hp. rewrite H1, IH.
  rewrite <- Z.mul_mod, <- Z.add_mod by exact Hp. reflexivity.
Qed.

Variable cells : list (Z * Z * Z).

Definition cell_at (i : Z) : Z * Z * Z := nth (Z.to_nat i) cells (0, 0, 0).
Definition row_of (t : Z * Z * Z) : list Z := terms (fst (fst t)) (snd (fst t)).
Definition left_side (used : list (Z * Z)) : list Z :=
  fold_right (fun ik x => plus (scale (snd ik) (row_of (cell_at (fst ik)))) x) [] used.
Definition right_side (used : list (Z * Z)) : Z :=
  fold_right (fun ik x => snd ik * snd (cell_at (fst ik)) + x) 0 used.

(* Used are the places of given cells of the same class, with their factors. *)
Definition follows (t : Z * Z * Z) (used : list (Z * Z)) : bool :=
  forallb (fun ik => (0 <=? fst ik) && (fst ik <? Z.of_nat (length cells))
                     && (class (snd (fst (cell_at (fst ik)))) =? class (snd (fst t)))) used
  && equal_numbers (modulo (left_side used)) (modulo (row_of t))
  && (right_side used mod p =? snd t).

Lemma step_modulo : forall k x y u v, x mod p = y mod p -> u mod p = v mod p ->
  (k * x + u) mod p = (k * y + v) mod p.
Proof.
  intros k x y u v Hx Hu. rewrite Z.add_mod, (Z.mul_mod k x) by exact Hp. rewrite Hx, Hu.
  rewrite <- Z.mul_mod, <- Z.add_mod by exact Hp. reflexivity.
Qed.

Lemma follows_sound : forall coefficients t used, through coefficients cells ->
  follows t used = true -> value coefficients (fst (fst t)) (snd (fst t)) = snd t.
Proof.
  intros cs [[a b] c] used Hc H. unfold follows in H. cbn [fst snd] in *.
  apply andb_prop in H. destruct H as [H H3]. apply andb_prop in H. destruct H as [H1 H2].
  apply Z.eqb_eq in H3. pose proof (dot_modulo (nth (Z.to_nat (class b)) cs []) _ _ H2) as E.
  change (row_of (a, b, c)) with (terms a b) in E. unfold value. rewrite <- E, <- H3.
  clear E H2 H3. induction used as [|[i k] used IH].
  { simpl. destruct (nth (Z.to_nat (class b)) cs []); reflexivity. }
  simpl in H1. apply andb_prop in H1. destruct H1 as [H1 Hrest].
  apply andb_prop in H1. destruct H1 as [H1 Hclass]. apply andb_prop in H1. destruct H1 as [Hlow Hhigh].
  apply Z.leb_le in Hlow. apply Z.ltb_lt in Hhigh. apply Z.eqb_eq in Hclass.
  cbn [left_side right_side fold_right fst snd]. rewrite dot_plus, dot_scale.
  apply step_modulo; [|exact (IH Hrest)].
  assert (Hin : In (cell_at i) cells) by (apply nth_In; lia).
  destruct (cell_at i) as [[a' b'] c'] eqn:He. cbn [fst snd] in *. rewrite <- Hclass.
  pose proof (Hc a' b' c' Hin) as Hv. unfold value in Hv. rewrite <- Hv, Z.mod_mod by exact Hp.
  reflexivity.
Qed.

Theorem forced_by_polynomials : forall wanted, forallb (fun x => follows (fst x) (snd x)) wanted = true ->
  forall coefficients, through coefficients cells -> through coefficients (map fst wanted).
Proof.
  intros wanted H cs Hc a b c Hin. apply in_map_iff in Hin. destruct Hin as [[t used] [Ht Hin]].
  cbn [fst] in Ht. subst t. rewrite forallb_forall in H.
  exact (follows_sound cs (a, b, c) used Hc (H _ Hin)).
Qed.
End Form.

Definition through_b (p : Z) (monomials : list (list (Z * Z))) (coefficients : list (list Z))
  (cells : list (Z * Z * Z)) : bool :=
  forallb (fun t => value p monomials coefficients (fst (fst t)) (snd (fst t)) =? snd t) cells.

Lemma through_checked : forall p monomials coefficients cells,
  through_b p monomials coefficients cells = true -> through p monomials coefficients cells.
Proof.
  intros p monomials cs cells H a b c Hin. unfold through_b in H. rewrite forallb_forall in H.
  apply Z.eqb_eq. exact (H _ Hin).
Qed.

Definition prime_b (p : Z) : bool :=
  (1 <? p) && forallb (fun d => negb (p mod Z.of_nat d =? 0)) (seq 2 (Z.to_nat p - 2)).

Lemma prime_checked : forall p, prime_b p = true -> is_prime p.
Proof.
  intros p H. apply andb_prop in H. destruct H as [H1 H2]. apply Z.ltb_lt in H1. split; [exact H1|].
  intros d Hd Hdp. rewrite forallb_forall in H2.
  assert (Hin : In (Z.to_nat d) (seq 2 (Z.to_nat p - 2))) by (apply in_seq; lia).
  specialize (H2 _ Hin). rewrite Z2Nat.id in H2 by lia. apply negb_true_iff, Z.eqb_neq in H2. exact H2.
Qed.

Definition included_b (one two : list (Z * Z * Z)) : bool :=
  forallb (fun t => existsb (fun u => (fst (fst t) =? fst (fst u)) && (snd (fst t) =? snd (fst u))
                                      && (snd t =? snd u)) two) one.

Lemma included : forall one two, included_b one two = true -> incl one two.
Proof.
  intros one two H [[a b] c] Hin. unfold included_b in H. rewrite forallb_forall in H.
  specialize (H _ Hin). apply existsb_exists in H. destruct H as [[[a' b'] c'] [Hin' H]].
  cbn [fst snd] in H. apply andb_prop in H. destruct H as [H H3]. apply andb_prop in H.
  destruct H as [H1 H2]. apply Z.eqb_eq in H1, H2, H3. rewrite H1, H2, H3. exact Hin'.
Qed.
