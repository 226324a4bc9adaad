"""Train one HyperCube on several processes, each with a part of the observed pairs.

    torchrun --nproc-per-node 2 examples/train_across_processes.py S5 --observe 0.5

Every process draws the same table and the same model; `train` splits the pairs among
them and adds up the gradients. On machines with GPUs the same script takes one GPU a
process (`--device cuda`).
"""

import argparse
import json
import os
import time

import torch
import torch.distributed as dist

from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule, train
from cayley.tables import generate_family, mask


def main() -> None:
    """Train, as one of the processes that torchrun has started."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "operation", help="as for `cayley generate`: S5, mod97:a+b, ..."
    )
    parser.add_argument("--observe", type=float, default=0.5)
    parser.add_argument("--shared", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--max-steps", type=int, default=1500)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--float64", action="store_true")
    arguments = parser.parse_args()
    if arguments.device == "cuda":
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    dist.init_process_group("nccl" if arguments.device == "cuda" else "gloo")

    truth = generate_family(arguments.operation)
    n = truth.order
    partial = mask(truth, observe=arguments.observe, seed=arguments.seed)
    generator = torch.Generator(arguments.device).manual_seed(arguments.seed)
    model = HyperCube(
        n,
        shared=arguments.shared,
        generator=generator,
        device=arguments.device,
        dtype=torch.float64 if arguments.float64 else torch.float32,
    )
    start = time.perf_counter()
    result = train(
        model,
        ObservedProducts.from_triples(
            partial.observations, sizes=(n, n, n), device=arguments.device
        ),
        schedule=TrainingSchedule(max_steps=arguments.max_steps),
        accept=lambda decoded: bool((decoded.table == truth.array).all()),
        process_group=dist.group.WORLD,
    )
    if dist.get_rank() == 0:
        summary = {
            "processes": dist.get_world_size(),
            "reason": result.reason,
            "steps": result.last.step,
            "loss": result.last.loss,
            "right": float((result.decoded.table == truth.array).mean()),
            "seconds": round(time.perf_counter() - start, 2),
        }
        print(json.dumps(summary))
    dist.barrier()  # a process that leaves while it is talked to makes the other abort
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
