(* Groups, and tables that are isotopes or homotopes of them. *)

Record Group := {
  elt : Type; op : elt -> elt -> elt; one : elt; inv : elt -> elt;
  assoc : forall x y z, op (op x y) z = op x (op y z);
  one_l : forall x, op one x = x; one_r : forall x, op x one = x;
  inv_l : forall x, op (inv x) x = one; inv_r : forall x, op x (inv x) = one }.

Definition has {G : Group} (f g h : N -> elt G) : list (N * N * N) -> Prop :=
  hold (fun a b c => op G (f a) (g b) = h c).

(* An operation o on labels 0, 1, ..., n - 1; symbols that are different have different images. *)
Definition homotope {G : Group} (n : N) (f g h : N -> elt G) (o : N -> N -> N) : Prop :=
  (forall a b, a < n -> b < n -> o a b < n /\ op G (f a) (g b) = h (o a b)) /\
  (forall a b c d, a < n -> b < n -> c < n -> d < n -> h (o a b) = h (o c d) -> o a b = o c d).
Definition agrees (o : N -> N -> N) : list (N * N * N) -> Prop := hold (fun a b c => o a b = c).

Definition of_groups : theory := {|
  laws := [(M (V 0) (M (V 1) (V 2)), M (M (V 0) (V 1)) (V 2))];
  by_left := true; by_right := true; by_unit := true; by_inverses := true; by_group := true |}.

Section InGroups.
Variable G : Group.

Lemma cancel_l : forall x y z : elt G, op G x y = op G x z -> y = z.
Proof.
  intros x y z H. rewrite <- (one_l G y), <- (one_l G z), <- (inv_l G x), !assoc, H. reflexivity.
Qed.

Lemma cancel_r : forall x y z : elt G, op G y x = op G z x -> y = z.
Proof.
  intros x y z H. rewrite <- (one_r G y), <- (one_r G z), <- (inv_r G x), <- !assoc, H. reflexivity.
Qed.

Lemma group_fits : fits of_groups (op G).
Proof.
  constructor.
  - apply Forall_cons; [|apply Forall_nil]. intros v. symmetry. apply assoc.
  - intros _. split; [exact cancel_l|]. intros x z. exists (op G (inv G x) z).
    rewrite <- assoc, inv_r. apply one_l.
  - intros _. split; [exact cancel_r|]. intros x z. exists (op G z (inv G x)).
    rewrite assoc, inv_l. apply one_r.
  - intros _. exact (assoc G).
Qed.

Lemma group_unit : unit_at of_groups (op G) (one G).
Proof.
  split; intros _ x; [split; [apply one_l|apply one_r]|]. exists (inv G x).
  split; [apply inv_r|apply inv_l].
Qed.
End InGroups.

Section Claims.
Variables (n : N) (cells : list (N * N * N)) (lines : list line) (fuel : nat).

Definition in_group := forces n 1 0 0 of_groups false [] cells lines fuel.
Definition not_in_group := refutes n 1 0 0 of_groups false [] cells lines fuel.

Variable G : Group.

Theorem forced_in_groups : forall f : N -> elt G, bijective n f -> has f f f cells ->
  forall wanted, in_group wanted = true -> has f f f (map snd wanted).
Proof.
  intros f Hf Hc wanted H a b c Hin.
  apply (forced n 1 0 0 of_groups false [] cells lines fuel (elt G) (op G) (fun _ => f) (one G)
    (group_fits G) (group_unit G)) with wanted; try discriminate; try assumption.
  - intros _ x y _ _. apply Hf.
  - intros _ _ x _. apply Hf.
  - intros x y z Hxyz _ _ _. exact (Hc x y z Hxyz).
  - intros _ x [].
Qed.

Theorem no_group : forall f : N -> elt G, bijective n f -> has f f f cells ->
  not_in_group = true -> False.
Proof.
  intros f Hf Hc H.
  apply (refuted n 1 0 0 of_groups false [] cells lines fuel (elt G) (op G) (fun _ => f) (one G)
    (group_fits G) (group_unit G)); try discriminate; try assumption.
  - intros _ x y _ _. apply Hf.
  - intros _ _ x _. apply Hf.
  - intros x y z Hxyz _ _ _. exact (Hc x y z Hxyz).
  - intros _ x [].
Qed.

(* Any row a0 and column b0 may stand for the unit of the group. *)
Section Gauge.
Variables (f g h : N -> elt G) (a0 b0 : N).
Let left x := op G (inv G (f a0)) x.
Let right x := op G x (inv G (g b0)).
Definition moved (kind a : N) : elt G :=
  if kind =? 0 then left (f a) else if kind =? 1 then right (g a) else left (right (h a)).

Lemma left_one : forall x y, left x = left y -> x = y.
Proof. intros x y. apply cancel_l. Qed.
Lemma right_one : forall x y, right x = right y -> x = y.
Proof. intros x y. apply cancel_r. Qed.
Lemma left_onto : forall x, exists y, left y = x.
Proof. intros x. exists (op G (f a0) x). unfold left. rewrite <- assoc, inv_l, one_l. reflexivity. Qed.
Lemma right_onto : forall x, exists y, right y = x.
Proof. intros x. exists (op G x (g b0)). unfold right. rewrite assoc, inv_r, one_r. reflexivity. Qed.

Lemma moved_product : forall a b c,
  op G (moved 0 a) (moved 1 b) = moved 2 c <-> op G (f a) (g b) = h c.
Proof.
  intros a b c. unfold moved. simpl. unfold left, right. rewrite assoc. split.
  - intros H. apply cancel_l in H. rewrite <- assoc in H. apply cancel_r in H. exact H.
  - intros <-. f_equal. symmetry. apply assoc.
Qed.

Lemma moved_unit : forall kind a, In (kind, a) [(0, a0); (1, b0)] -> moved kind a = one G.
Proof.
  intros kind a [[= <- <-]|[[= <- <-]|[]]]; unfold moved, left, right; simpl; [apply inv_l|apply inv_r].
Qed.

Definition in_isotope := forces n 3 1 2 of_groups false [(0, a0); (1, b0)] cells lines fuel.
Definition not_in_isotope := refutes n 3 1 2 of_groups false [(0, a0); (1, b0)] cells lines fuel.

Section Isotope.
Hypothesis (Hf : bijective n f) (Hg : bijective n g) (Hh : bijective n h).

Lemma moved_bijective : forall kind, bijective n (moved kind).
Proof.
  intros kind. unfold moved. destruct (N.eqb_spec kind 0); [|destruct (N.eqb_spec kind 1)]; split.
  - intros a b Ha Hb H. apply left_one in H. apply Hf; assumption.
  - intros x. destruct (left_onto x) as [y <-]. destruct Hf as [_ Hs]. destruct (Hs y) as [a [Ha <-]]. exists a. auto.
  - intros a b Ha Hb H. apply right_one in H. apply Hg; assumption.
  - intros x. destruct (right_onto x) as [y <-]. destruct Hg as [_ Hs]. destruct (Hs y) as [a [Ha <-]]. exists a. auto.
  - intros a b Ha Hb H. apply left_one, right_one in H. apply Hh; assumption.
  - intros x. destruct (left_onto x) as [y <-]. destruct (right_onto y) as [z <-].
    destruct Hh as [_ Hs]. destruct (Hs z) as [a [Ha <-]]. exists a. auto.
Qed.

Theorem forced_in_isotopes : has f g h cells ->
  forall wanted, in_isotope wanted = true -> has f g h (map snd wanted).
Proof.
  intros Hc wanted H a b c Hin. apply moved_product.
  apply (forced n 3 1 2 of_groups false [(0, a0); (1, b0)] cells lines fuel (elt G) (op G) moved
    (one G) (group_fits G) (group_unit G)) with wanted; try discriminate; try assumption.
  - intros kind x y _ _. apply moved_bijective.
  - intros _ kind x _. apply moved_bijective.
  - intros x y z Hxyz _ _ _. apply moved_product. exact (Hc x y z Hxyz).
  - exact moved_unit.
Qed.

Theorem no_isotope : has f g h cells -> not_in_isotope = true -> False.
Proof.
  intros Hc H.
  apply (refuted n 3 1 2 of_groups false [(0, a0); (1, b0)] cells lines fuel (elt G) (op G) moved
    (one G) (group_fits G) (group_unit G)); try discriminate; try assumption.
  - intros kind x y _ _. apply moved_bijective.
  - intros _ kind x _. apply moved_bijective.
  - intros x y z Hxyz _ _ _. apply moved_product. exact (Hc x y z Hxyz).
  - exact moved_unit.
Qed.
End Isotope.
End Gauge.
End Claims.

(* In a homotope a symbol that does not occur may have any image. In the product of the group with
   the whole numbers it is given one of its own. *)

Definition with_numbers (G : Group) : Group.
Proof.
  refine {| elt := elt G * Z; op := fun x y => (op G (fst x) (fst y), Z.add (snd x) (snd y));
    one := (one G, 0%Z); inv := fun x => (inv G (fst x), Z.opp (snd x)) |}; intros;
  repeat match goal with x : (_ * _)%type |- _ => destruct x end; cbn [fst snd]; f_equal;
  try lia; auto using assoc, one_l, one_r, inv_l, inv_r.
Defined.

Section Homotopes.
Variables (n : N) (cells : list (N * N * N)) (lines : list line) (fuel : nat).
Variables (G : Group) (f g h : N -> elt G) (o : N -> N -> N) (a0 b0 : N).
Hypothesis H : homotope n f g h o.
Hypothesis Hc : agrees o cells.

Definition occurs (c : N) : bool :=
  existsb (fun a => existsb (fun b => o a b =? c) (numbers n)) (numbers n).

Lemma occurs_at : forall a b, a < n -> b < n -> occurs (o a b) = true.
Proof.
  intros a b Ha Hb. apply existsb_exists. exists a. split; [apply numbers_all, Ha|].
  apply existsb_exists. exists b. split; [apply numbers_all, Hb|apply N.eqb_refl].
Qed.

Lemma occurs_where : forall c, occurs c = true -> exists a b, a < n /\ b < n /\ o a b = c.
Proof.
  intros c Ho. apply existsb_exists in Ho. destruct Ho as [a [Ha Ho]]. apply existsb_exists in Ho.
  destruct Ho as [b [Hb Ho]]. exists a, b. apply N.eqb_eq in Ho.
  split; [apply numbers_below, Ha|split; [apply numbers_below, Hb|exact Ho]].
Qed.

Definition image (kind a : N) : elt (with_numbers G) :=
  (moved G f g h a0 b0 kind a,
   if (kind =? 2) && negb (occurs a) then (1 + Z.of_N a)%Z else 0%Z).

Lemma image_apart : forall a b, image 2 a = image 2 b -> a = b.
Proof.
  intros a b Heq. unfold image in Heq.
  pose proof (f_equal (fun x : (elt G * Z)%type => fst x) Heq) as H1.
  pose proof (f_equal (fun x : (elt G * Z)%type => snd x) Heq) as H2. clear Heq. cbn [fst snd] in H1, H2.
  destruct (occurs a) eqn:Ha, (occurs b) eqn:Hb; cbn [N.eqb Pos.eqb andb negb] in H2; try lia.
  unfold moved in H1. simpl in H1. apply cancel_l, cancel_r in H1.
  apply occurs_where in Ha. apply occurs_where in Hb.
  destruct Ha as (x & y & Hx & Hy & <-), Hb as (x' & y' & Hx' & Hy' & <-).
  apply (proj2 H); assumption.
Qed.

Lemma image_product : forall a b, a < n -> b < n ->
  op (with_numbers G) (image 0 a) (image 1 b) = image 2 (o a b).
Proof.
  intros a b Ha Hb. unfold image. simpl. rewrite (occurs_at a b Ha Hb). simpl. f_equal.
  apply moved_product. apply (proj1 H); assumption.
Qed.

Definition in_homotope := forces n 3 1 2 of_groups true [(0, a0); (1, b0)] cells lines fuel.
Definition not_in_homotope := refutes n 3 1 2 of_groups true [(0, a0); (1, b0)] cells lines fuel.

Ltac by_images := first
  [ discriminate | assumption
  | intros kind x y _ Hk _ _; rewrite (Hk eq_refl); apply image_apart
  | intros _; split; [reflexivity|]; intros x y Hx Hy; exists (o x y);
    split; [apply (proj1 H); assumption|apply image_product; assumption]
  | intros x y z Hxyz Hx Hy _; rewrite <- (Hc x y z Hxyz); apply image_product; assumption
  | let kind := fresh in let x := fresh in let Hx := fresh in intros kind x Hx; unfold image;
    rewrite (moved_unit G f g h a0 b0 kind x Hx); destruct Hx as [[= <- <-]|[[= <- <-]|[]]]; reflexivity ].

Theorem forced_in_homotopes : forall wanted, in_homotope wanted = true -> agrees o (map snd wanted).
Proof.
  intros wanted Hw a b c Hin.
  assert (Hall : a < n /\ b < n /\ c < n /\ op (with_numbers G) (image 0 a) (image 1 b) = image 2 c).
  { apply (forced n 3 1 2 of_groups true [(0, a0); (1, b0)] cells lines fuel _ _ image
      (one (with_numbers G)) (group_fits _) (group_unit _)) with wanted; by_images. }
  destruct Hall as (Ha & Hb & _ & Heq). rewrite (image_product a b Ha Hb) in Heq.
  apply image_apart. exact Heq.
Qed.

Theorem no_homotope : not_in_homotope = true -> False.
Proof.
  intros Hw.
  apply (refuted n 3 1 2 of_groups true [(0, a0); (1, b0)] cells lines fuel _ _ image
    (one (with_numbers G)) (group_fits _) (group_unit _)); by_images.
Qed.
End Homotopes.

(* Quadrangles: in a group three products of two rows and two columns give the fourth. *)

Theorem quadrangles : forall (G : Group) (f g h : N -> elt G) n a b c d e k l m x y z u v,
  bijective n h -> u < n -> v < n -> u <> v ->
  ~ has f g h [(a, e, x); (a, k, y); (b, e, z); (b, k, u); (c, l, x); (c, m, y); (d, l, z); (d, m, v)].
Proof.
  intros G f g h n a b c d e k l m x y z u v [Hinj _] Hu Hv Huv H. apply Huv, Hinj; [exact Hu|exact Hv|].
  assert (fourth : forall p q r s, op G (f p) (g r) = h x -> op G (f p) (g s) = h y ->
    op G (f q) (g r) = h z -> op G (f q) (g s) = op G (op G (h z) (inv G (h x))) (h y)).
  { intros p q r s H1 H2 H3. set (w := op G (h z) (inv G (h x))).
    assert (Hw : op G w (f p) = f q).
    { apply (cancel_r G (g r)). rewrite assoc, H1, H3. unfold w. rewrite assoc, inv_l, one_r. reflexivity. }
    rewrite <- Hw, assoc, H2. reflexivity. }
  rewrite <- (H b k u), <- (H d m v) by (simpl; tauto).
  rewrite (fourth a b e k), (fourth c d l m); try reflexivity; apply H; simpl; tauto.
Qed.

Theorem twice_in_a_row : forall (G : Group) (f g h : N -> elt G) n a b c x,
  bijective n g -> b < n -> c < n -> b <> c -> ~ has f g h [(a, b, x); (a, c, x)].
Proof.
  intros G f g h n a b c x [Hinj _] Hb Hc Hbc H. apply Hbc, Hinj; [exact Hb|exact Hc|].
  apply (cancel_l G (f a)). rewrite (H a b x), (H a c x) by (simpl; tauto). reflexivity.
Qed.

Theorem twice_in_a_column : forall (G : Group) (f g h : N -> elt G) n a b c x,
  bijective n f -> a < n -> b < n -> a <> b -> ~ has f g h [(a, c, x); (b, c, x)].
Proof.
  intros G f g h n a b c x [Hinj _] Ha Hb Hab H. apply Hab, Hinj; [exact Ha|exact Hb|].
  apply (cancel_r G (g c)). rewrite (H a c x), (H b c x) by (simpl; tauto). reflexivity.
Qed.
