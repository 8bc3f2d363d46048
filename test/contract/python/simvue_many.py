"""Twenty runs at once, ten threads in each of two processes; every run gets its own points and events."""
import json
import multiprocessing
import threading

from simvue import Run

PROCESSES, THREADS, STEPS = 2, 10, 200


def write(number, written):
    run = Run()
    run.config(disable_resources_metrics=True)
    run.init(f"many-{number:02}", folder="/contract/many", tags=["many"], metadata={"number": number})
    for step in range(STEPS):
        run.log_metrics({"value": number * 1_000 + step, "same": step}, step=step)
        if step % 50 == 0:
            run.log_event(f"{number} at {step}")
    run.save_object({"number": number}, category="output", name="number", allow_pickle=True)
    run.close()
    written[number] = run.id


def write_runs(process, written):
    threads = [threading.Thread(target=write, args=(process * THREADS + thread, written)) for thread in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        written = manager.dict()
        processes = [multiprocessing.Process(target=write_runs, args=(process, written)) for process in range(PROCESSES)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert [process.exitcode for process in processes] == [0] * PROCESSES
        print(json.dumps({"runs": [written[number] for number in range(PROCESSES * THREADS)], "steps": STEPS}))
