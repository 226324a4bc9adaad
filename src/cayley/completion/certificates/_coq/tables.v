(* Full tables, which are looked at in all their cells. *)

Definition cell (t : list (list N)) (a b : N) : N := nth (N.to_nat b) (nth (N.to_nat a) t []) 0.
Definition listed (l : list N) (a : N) : N := nth (N.to_nat a) l 0.

Definition agrees (t : list (list N)) (cells : list (N * N * N)) : Prop :=
  forall a b c, In (a, b, c) cells -> cell t a b = c.

Section Properties.
Variables (n : N) (t : list (list N)).
Definition closed : Prop := forall a, a < n -> forall b, b < n -> cell t a b < n.
Definition associative : Prop := forall a, a < n -> forall b, b < n -> forall c, c < n ->
  cell t (cell t a b) c = cell t a (cell t b c).
Definition cancels_left : Prop := forall a, a < n -> forall b, b < n -> forall c, c < n ->
  cell t a b = cell t a c -> b = c.
Definition cancels_right : Prop := forall a, a < n -> forall b, b < n -> forall c, c < n ->
  cell t b a = cell t c a -> b = c.
Definition unit_of (e : N) : Prop := forall x, x < n -> cell t e x = x /\ cell t x e = x.
Definition with_unit : Prop := exists e, e < n /\ unit_of e.
Definition with_inverses : Prop := exists e, e < n /\ unit_of e /\
  forall x, x < n -> exists y, y < n /\ cell t x y = e /\ cell t y x = e.
Definition group : Prop := closed /\ associative /\ with_inverses.
Definition one_to_one (f : N -> N) : Prop := (forall a, a < n -> f a < n) /\
  forall a, a < n -> forall b, b < n -> f a = f b -> a = b.
End Properties.

Definition isotope (n : N) (t : list (list N)) : Prop := exists G f g h,
  group n G /\ one_to_one n f /\ one_to_one n g /\ one_to_one n h /\
  forall a, a < n -> forall b, b < n -> cell G (f a) (g b) = h (cell t a b).

(* Each of these is decided by computing. *)

Definition numbers (n : N) : list N := map N.of_nat (seq 0 (N.to_nat n)).
Definition all (n : N) (p : N -> bool) : bool := forallb p (numbers n).

Lemma numbers_all : forall n a, a < n -> In a (numbers n).
Proof.
  intros n a Ha. unfold numbers. apply in_map_iff. exists (N.to_nat a). split; [apply N2Nat.id|].
  apply in_seq. lia.
Qed.

Lemma numbers_below : forall n a, In a (numbers n) -> a < n.
Proof.
  intros n a Ha. unfold numbers in Ha. apply in_map_iff in Ha. destruct Ha as [k [<- Hk]].
  apply in_seq in Hk. lia.
Qed.

Lemma all_below : forall n p, all n p = true -> forall a, a < n -> p a = true.
Proof. intros n p H a Ha. unfold all in H. rewrite forallb_forall in H. apply H, numbers_all, Ha. Qed.

Definition agrees_b (t : list (list N)) (cells : list (N * N * N)) : bool :=
  forallb (fun x => cell t (fst (fst x)) (snd (fst x)) =? snd x) cells.
Lemma agrees_checked : forall t cells, agrees_b t cells = true -> agrees t cells.
Proof.
  intros t cells H a b c Hin. unfold agrees_b in H. rewrite forallb_forall in H.
  specialize (H _ Hin). apply N.eqb_eq in H. exact H.
Qed.

Section Checks.
Variables (n : N) (t : list (list N)).
Definition closed_b : bool := all n (fun a => all n (fun b => cell t a b <? n)).
Definition associative_b : bool := all n (fun a => all n (fun b => all n (fun c =>
  cell t (cell t a b) c =? cell t a (cell t b c)))).
Definition left_b : bool := all n (fun a => all n (fun b => all n (fun c =>
  implb (cell t a b =? cell t a c) (b =? c)))).
Definition right_b : bool := all n (fun a => all n (fun b => all n (fun c =>
  implb (cell t b a =? cell t c a) (b =? c)))).
Definition unit_b (e : N) : bool :=
  (e <? n) && all n (fun x => (cell t e x =? x) && (cell t x e =? x)).
Definition inverses_b (e : N) : bool := unit_b e &&
  all n (fun x => existsb (fun y => (cell t x y =? e) && (cell t y x =? e)) (numbers n)).
Definition one_to_one_b (f : N -> N) : bool := all n (fun a => f a <? n) &&
  all n (fun a => all n (fun b => implb (f a =? f b) (a =? b))).

Lemma implied : forall a b c d : N, implb (a =? b) (c =? d) = true -> a = b -> c = d.
Proof.
  intros a b c d H Hab. rewrite (proj2 (N.eqb_eq a b) Hab) in H. apply N.eqb_eq. exact H.
Qed.

Lemma closed_checked : closed_b = true -> closed n t.
Proof. intros H a Ha b Hb. apply N.ltb_lt. exact (all_below _ _ (all_below _ _ H a Ha) b Hb). Qed.

Lemma associative_checked : associative_b = true -> associative n t.
Proof.
  intros H a Ha b Hb c Hc. apply N.eqb_eq.
  exact (all_below _ _ (all_below _ _ (all_below _ _ H a Ha) b Hb) c Hc).
Qed.

Lemma left_checked : left_b = true -> cancels_left n t.
Proof.
  intros H a Ha b Hb c Hc. apply implied.
  exact (all_below _ _ (all_below _ _ (all_below _ _ H a Ha) b Hb) c Hc).
Qed.

Lemma right_checked : right_b = true -> cancels_right n t.
Proof.
  intros H a Ha b Hb c Hc. apply implied.
  exact (all_below _ _ (all_below _ _ (all_below _ _ H a Ha) b Hb) c Hc).
Qed.

Lemma unit_of_checked : forall e, unit_b e = true -> e < n /\ unit_of n t e.
Proof.
  intros e H. apply andb_prop in H. destruct H as [He H]. split; [apply N.ltb_lt; exact He|].
  intros x Hx. pose proof (all_below _ _ H x Hx) as Hb. apply andb_prop in Hb. destruct Hb as [H1 H2].
  split; apply N.eqb_eq; assumption.
Qed.

Lemma unit_checked : forall e, unit_b e = true -> with_unit n t.
Proof. intros e H. exists e. apply unit_of_checked. exact H. Qed.

Lemma inverses_checked : forall e, inverses_b e = true -> with_inverses n t.
Proof.
  intros e H. apply andb_prop in H. destruct H as [He H]. apply unit_of_checked in He.
  destruct He as [He Hu]. exists e. split; [exact He|]. split; [exact Hu|].
  intros x Hx. pose proof (all_below _ _ H x Hx) as Hb. apply existsb_exists in Hb.
  destruct Hb as [y [Hin Hy]]. exists y. split; [apply numbers_below; exact Hin|].
  apply andb_prop in Hy. destruct Hy as [H1 H2]. split; apply N.eqb_eq; assumption.
Qed.

Lemma group_checked : forall e, closed_b && associative_b && inverses_b e = true -> group n t.
Proof.
  intros e H. apply andb_prop in H. destruct H as [H H3]. apply andb_prop in H. destruct H as [H1 H2].
  split; [apply closed_checked; exact H1|]. split; [apply associative_checked; exact H2|].
  apply inverses_checked with (e := e). exact H3.
Qed.

Lemma one_to_one_checked : forall f, one_to_one_b f = true -> one_to_one n f.
Proof.
  intros f H. apply andb_prop in H. destruct H as [H1 H2]. split.
  - intros a Ha. apply N.ltb_lt. exact (all_below _ _ H1 a Ha).
  - intros a Ha b Hb. apply implied. exact (all_below _ _ (all_below _ _ H2 a Ha) b Hb).
Qed.

Definition maps_b (G : list (list N)) (f g h : N -> N) : bool :=
  one_to_one_b f && one_to_one_b g && one_to_one_b h &&
  all n (fun a => all n (fun b => cell G (f a) (g b) =? h (cell t a b))).

Lemma isotope_checked : forall G f g h, group n G -> maps_b G f g h = true -> isotope n t.
Proof.
  intros G f g h HG Hm. apply andb_prop in Hm. destruct Hm as [Hm H]. apply andb_prop in Hm.
  destruct Hm as [Hm Hh]. apply andb_prop in Hm. destruct Hm as [Hf Hg].
  exists G, f, g, h. split; [exact HG|].
  split; [apply one_to_one_checked; exact Hf|]. split; [apply one_to_one_checked; exact Hg|].
  split; [apply one_to_one_checked; exact Hh|].
  intros a Ha b Hb. apply N.eqb_eq. exact (all_below _ _ (all_below _ _ H a Ha) b Hb).
Qed.
End Checks.
