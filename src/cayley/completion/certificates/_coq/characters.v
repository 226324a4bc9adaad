(* A sum of powers of z, where z^e = 1, as the list of its whole coefficients from z^0 on. Two are
   equal if they are so modulo the e-th cyclotomic polynomial, whose root z is. *)

Open Scope Z_scope.

Fixpoint times (x y : list Z) : list Z :=
  match x with
  | [] => []
  | a :: x => if a =? 0 then 0 :: times x y else plus (scale a y) (0 :: times x y)
  end.
Definition sum_of (terms : list (list Z)) : list Z := fold_right plus [] terms.

(* Quotient and remainder; of the divisor the leading coefficient, which is 1, is left out. *)
Fixpoint divide (divisor x : list Z) : list Z * list Z :=
  match x with
  | [] => ([], map (fun _ => 0) divisor)
  | a :: x => let (q, r) := divide divisor x in
    (last r 0 :: q, plus (a :: removelast r) (scale (- last r 0) divisor))
  end.

(* The e-th cyclotomic polynomial without its leading 1: what is left of z^e - 1 after division by
   those of the proper divisors of e. *)
Fixpoint trimmed (x : list Z) : list Z :=
  match x with
  | [] => []
  | a :: x => match trimmed x with [] => if a =? 0 then [] else [a] | x => a :: x end
  end.
Fixpoint cyclotomic (depth e : nat) : list Z :=
  match depth with
  | O => []
  | S depth => removelast (trimmed (fold_left
      (fun p d => if Nat.eqb (Nat.modulo e d) 0 then fst (divide (cyclotomic depth d) p) else p)
      (seq 1 (e - 1)) ((-1) :: repeat 0 (e - 1) ++ [1])))
  end.

Definition same (e : nat) (x y : list Z) : Prop :=
  let p := cyclotomic e e in snd (divide p x) = snd (divide p y).

(* The sum with some terms: a power of z and its coefficient each. *)
Definition number (e : nat) (terms : list (N * Z)) : list Z :=
  map (fun i => fold_right Z.add 0 (map snd (filter (fun t => Nat.eqb (N.to_nat (fst t)) i) terms)))
    (seq 0 e).
(* z^i goes to z^-i. *)
Definition conjugate (x : list Z) : list Z := match x with [] => [] | a :: x => a :: rev x end.

Open Scope N_scope.

(* A row of values, one for each class, as a function on the elements. *)
Fixpoint where_ (classes : list (list N)) (x : N) : nat :=
  match classes with
  | [] => O
  | c :: classes => if member x c then O else S (where_ classes x)
  end.
Definition spread (n : N) (e : nat) (classes : list (list N)) (row : list (list (N * Z)))
  : list (list Z) :=
  map (fun x => number e (nth (where_ classes x) row [])) (numbers n).
Definition at_ (chi : list (list Z)) (x : N) : list Z := nth (N.to_nat x) chi [].

(* The classes are those of conjugate elements. *)
Definition conjugacy (n : N) (t : list (list N)) (classes : list (list N)) : Prop :=
  (forall c, In c classes -> c <> [] /\ forall x, In x c -> x < n) /\
  forall x, x < n -> forall y, y < n ->
  (exists c, In c classes /\ In x c /\ In y c) <-> (exists g, g < n /\ cell t g x = cell t y g).

(* A function of positive degree d, d times a homomorphism of the algebra of classes: for any
   class c, any x in it and any h, d (sum of chi(g h) over g in c) = |c| chi(x) chi(h). *)
Definition multiplicative (n : N) (e : nat) (t : list (list N)) (unit : N)
  (classes : list (list N)) (chi : list (list Z)) : Prop :=
  exists d, (0 < d)%Z /\ same e (at_ chi unit) [d] /\
  forall c, In c classes -> forall x, In x c -> forall h, h < n ->
  same e (scale d (sum_of (map (fun g => at_ chi (cell t g h)) c)))
         (scale (Z.of_nat (length c)) (times (at_ chi x) (at_ chi h))).

(* The sum over all x of chi(x) times the conjugate of psi(x). *)
Definition inner (chi psi : list (list Z)) : list Z :=
  sum_of (map (fun each => times (fst each) (conjugate (snd each))) (combine chi psi)).

(* As many orthonormal rows as classes. With the equation above they are the irreducible ones. *)
Definition characters (n : N) (t : list (list N)) (unit : N) (e : nat) (classes : list (list N))
  (values : list (list (list (N * Z)))) : Prop :=
  group n t /\ unit_of n t unit /\ conjugacy n t classes /\ length values = length classes /\
  let rows := map (spread n e classes) values in
  (forall chi, In chi rows -> multiplicative n e t unit classes chi) /\
  forall i j, (i < length rows)%nat -> (j < length rows)%nat ->
  same e (inner (nth i rows []) (nth j rows [])) (if Nat.eqb i j then [Z.of_N n] else []).

(* It is decided by computing. *)

Lemma equal_numbers_eq : forall x y, equal_numbers x y = true -> x = y.
Proof.
  induction x as [|a x IH]; intros [|b y] H; simpl in H; try discriminate; [reflexivity|].
  apply andb_prop in H. destruct H as [H1 H2]. apply Z.eqb_eq in H1. apply IH in H2.
  rewrite H1, H2. reflexivity.
Qed.

Section Checks.
Variables (n : N) (t : list (list N)) (unit : N) (e : nat) (classes : list (list N)).
Variable (p : list Z). (* the cyclotomic polynomial *)
Hypothesis Hp : p = cyclotomic e e.

Definition same_b (x y : list Z) : bool := equal_numbers (snd (divide p x)) (snd (divide p y)).

Lemma same_checked : forall x y, same_b x y = true -> same e x y.
Proof. intros x y H. unfold same. rewrite <- Hp. apply equal_numbers_eq. exact H. Qed.

Definition share (x y : N) : bool :=
  existsb (fun c => member x c && member y c) classes.
Definition conjugate_b (x y : N) : bool :=
  existsb (fun g => cell t g x =? cell t y g) (numbers n).
Definition conjugacy_b : bool :=
  forallb (fun c => match c with [] => false | _ => forallb (fun x => x <? n) c end) classes
  && all n (fun x => all n (fun y => eqb (share x y) (conjugate_b x y))).

Lemma conjugacy_checked : conjugacy_b = true -> conjugacy n t classes.
Proof.
  intros H. apply andb_prop in H. destruct H as [H1 H2]. split.
  - intros c Hc. rewrite forallb_forall in H1. specialize (H1 c Hc). destruct c as [|x c]; [discriminate|].
    split; [discriminate|]. intros y Hy. rewrite forallb_forall in H1. apply N.ltb_lt. exact (H1 y Hy).
  - intros x Hx y Hy. pose proof (all_below _ _ (all_below _ _ H2 x Hx) y Hy) as H. cbv beta in H.
    apply eqb_prop in H.
    assert (Hs : share x y = true <-> exists c, In c classes /\ In x c /\ In y c).
    { unfold share. rewrite existsb_exists. split; intros [c [Hc Hxy]]; exists c; split; try exact Hc.
      - apply andb_prop in Hxy. rewrite !member_in in Hxy. exact Hxy.
      - rewrite (proj2 (member_in x c) (proj1 Hxy)), (proj2 (member_in y c) (proj2 Hxy)). reflexivity. }
    assert (Hg : conjugate_b x y = true <-> exists g, g < n /\ cell t g x = cell t y g).
    { unfold conjugate_b. rewrite existsb_exists. split.
      - intros [g [Hg He]]. exists g. split; [apply numbers_below, Hg|apply N.eqb_eq, He].
      - intros [g [Hg He]]. exists g. split; [apply numbers_all, Hg|apply N.eqb_eq, He]. }
    rewrite <- Hs, <- Hg, H. reflexivity.
Qed.

Definition multiplicative_b (chi : list (list Z)) : bool :=
  match at_ chi unit with
  | [] => false
  | d :: _ => Z.ltb 0 d && same_b (at_ chi unit) [d] &&
    forallb (fun c => forallb (fun x => all n (fun h =>
      same_b (scale d (sum_of (map (fun g => at_ chi (cell t g h)) c)))
             (scale (Z.of_nat (length c)) (times (at_ chi x) (at_ chi h))))) c) classes
  end.

Lemma multiplicative_checked : forall chi, multiplicative_b chi = true ->
  multiplicative n e t unit classes chi.
Proof.
  intros chi H. unfold multiplicative_b in H. destruct (at_ chi unit) as [|d rest] eqn:Hd; [discriminate|].
  apply andb_prop in H. destruct H as [H H2]. apply andb_prop in H. destruct H as [H0 H1].
  exists d. split; [apply Z.ltb_lt, H0|]. rewrite Hd. split; [apply same_checked, H1|].
  intros c Hc x Hx h Hh. apply same_checked. rewrite forallb_forall in H2. specialize (H2 c Hc).
  rewrite forallb_forall in H2. exact (all_below _ _ (H2 x Hx) h Hh).
Qed.

Definition orthonormal_b (rows : list (list (list Z))) : bool :=
  let numbered := combine (seq 0 (length rows)) rows in
  forallb (fun r => forallb (fun s =>
    same_b (inner (snd r) (snd s)) (if Nat.eqb (fst r) (fst s) then [Z.of_N n] else [])) numbered) numbered.

Lemma numbered_in : forall (rows : list (list (list Z))) i k, (i < length rows)%nat ->
  In ((k + i)%nat, nth i rows []) (combine (seq k (length rows)) rows).
Proof.
  induction rows as [|r rows IH]; intros i k Hi; simpl in Hi; [lia|]. simpl. destruct i as [|i].
  - left. f_equal. lia.
  - right. replace (k + S i)%nat with (S k + i)%nat by lia. apply IH. lia.
Qed.

Lemma orthonormal_checked : forall rows, orthonormal_b rows = true ->
  forall i j, (i < length rows)%nat -> (j < length rows)%nat ->
  same e (inner (nth i rows []) (nth j rows [])) (if Nat.eqb i j then [Z.of_N n] else []).
Proof.
  intros rows H i j Hi Hj. apply same_checked. unfold orthonormal_b in H. cbv zeta in H.
  rewrite forallb_forall in H. specialize (H _ (numbered_in rows i 0 Hi)).
  rewrite forallb_forall in H. exact (H _ (numbered_in rows j 0 Hj)).
Qed.

Definition characters_b (values : list (list (list (N * Z)))) : bool :=
  unit_b n t unit && conjugacy_b && Nat.eqb (length values) (length classes) &&
  (let rows := map (spread n e classes) values in
   forallb multiplicative_b rows && orthonormal_b rows).

Theorem characters_checked : forall values, group n t -> characters_b values = true ->
  characters n t unit e classes values.
Proof.
  intros values Hg H. unfold characters_b in H. cbv zeta in H.
  apply andb_prop in H. destruct H as [H H4]. apply andb_prop in H. destruct H as [H H3].
  apply andb_prop in H. destruct H as [H1 H2]. apply andb_prop in H4. destruct H4 as [H4 H5].
  split; [exact Hg|]. split; [apply unit_of_checked; exact H1|].
  split; [apply conjugacy_checked; exact H2|]. split; [apply Nat.eqb_eq; exact H3|].
  cbv zeta. split.
  - intros chi Hchi. apply multiplicative_checked. rewrite forallb_forall in H4. exact (H4 chi Hchi).
  - apply orthonormal_checked. exact H5.
Qed.
End Checks.
