# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
"""The same samples in a real Prometheus and in ours, the same queries, equal answers.

    differential_test.py PROMQL_ANSWERS FOLDER_OF_QUERIES [COUNT [SEED]]

Prometheus is Debian's 2.42. What its language lacks or does otherwise than 3.x is in `EXPLAINED`, each with its reason; such
queries are counted apart. Sample times lie off all window edges, since 2.42's windows are closed on the left.
"""
import json, math, os, random, re, shutil, socket, subprocess, sys, tempfile, time, urllib.parse, urllib.request

START = 1_700_000_040            # a whole minute; samples begin 0.137 s later
SECONDS = 2 * 3600
INTERVAL = 15
INSTANT = START + SECONDS - 600 + 7          # 7 s after the minute: no subquery step lies on a window's edge
RANGE = (START + 3600 + 7, START + 3600 + 7 + 1800, 105)

# Refused by 2.42 (its message) or answered otherwise (the query): why ours may differ.
EXPLAINED = [
    ("error", r"unknown function with name \"(histogram_avg|histogram_stddev|histogram_stdvar)\"", "functions that came after 2.42"),
    ("error", r"vector cannot contain metrics with the same labelset", "2.42 drops metric names at once, 3.x at the end"),
    ("error", r"(bad duration|unexpected number|unexpected duration|unexpected <offset|missing unit|not a valid duration|bad number|duration must be)", "numbers as durations came with 3.0"),
    ("query", r"double_exponential_smoothing", "holt_winters until 3.0: asked for under its old name"),
    ("query", r"label_(replace|join)|by \([^)]*__name__|on ?\([^)]*__name__|count_values", "reads __name__ where 2.42 has dropped it already"),
    ("query", r"atan2", "2.42 leaves the metric's name on atan2"),
    ("query", r"sum_over_time\(sum_over_time\(temperature\[1m:10s\]\)\[5m:30s\]\)", "inner subqueries' steps lie on their windows' edges: closed on the left in 2.42"),
    ("query", r"predict_linear\([^()]*@", "2.42 gives a function of a pinned range and of the time one step only"),
    ("query", r"std(dev|var)[^_].*ln\(", "the standard deviation of Inf is NaN since 3.x"),
    ("query", r"histogram_(count|sum|fraction)", "experimental in 2.42, of classic buckets later"),
]

def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]

def samples():
    rng = random.Random(5)
    families = {"requests_total": "counter", "errors_total": "counter", "temperature": "gauge", "queue_length": "gauge"}
    out = []
    def emit(name, labels, values):
        text = name + "{" + ",".join(f'{k}="{v}"' for k, v in labels.items()) + "}"
        for i, value in enumerate(values):
            if value is not None:
                out.append((text, value, START + 0.137 + i * INTERVAL))
    count = SECONDS // INTERVAL
    def walk(kind):
        value, values = float(rng.randrange(0, 50)), []
        gaps = {rng.randrange(0, count) for _ in range(rng.choice([0, 4, 30]))}
        for i in range(count):
            if kind == "counter":
                value = 0.0 if rng.random() < 0.004 else value + rng.choice([0, 1, 2, 7, 0.25])
            else:
                value += rng.choice([-3, -1.5, 0, 0.1, 2])
                if rng.random() < 0.002:
                    values.append(rng.choice([math.nan, math.inf, -math.inf]))
                    continue
            values.append(None if i in gaps else value)
        return values
    for name, kind in families.items():
        for job in "abc":
            for instance in "abc":
                labels = {"instance": instance, "job": job}
                if (job + instance) != "cc":
                    labels["venue"] = rng.choice("abc")
                emit(name, labels, walk(kind))
    bounds = ["0.1", "0.5", "1", "2.5", "10", "+Inf"]
    for job in "abc":
        for instance in "ab":
            base = {"instance": instance, "job": job, "venue": rng.choice("abc")}
            counts = [0] * len(bounds)
            rows = [[] for _ in bounds]
            for _ in range(count):
                for _ in range(rng.randrange(0, 5)):
                    for j in range(rng.randrange(0, len(bounds)), len(bounds)):
                        counts[j] += 1
                for j, c in enumerate(counts):
                    rows[j].append(float(c))
            for bound, row in zip(bounds, rows):
                emit("latency_seconds_bucket", {**base, "le": bound}, row)
    return sorted(out, key=lambda s: (s[0].split("{")[0], s[0], s[2]))

def written(value):
    return "NaN" if math.isnan(value) else ("+Inf" if value > 0 else "-Inf") if math.isinf(value) else repr(value)

class Prometheus:
    def __init__(self, folder, data):
        self.port = free_port()
        with open(f"{folder}/prometheus.yml", "w") as f:
            f.write("global: {scrape_interval: 1h}\n")
        subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics", data, f"{folder}/data"], check=True,
                       stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
             f"--web.listen-address=127.0.0.1:{self.port}", "--storage.tsdb.retention.time=100y"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=2)
                return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise RuntimeError("prometheus does not start")
                time.sleep(0.1)

    def ask(self, kind, times, query):
        query = query.replace("double_exponential_smoothing", "holt_winters")
        if kind == "I":
            path, form = "query", {"query": query, "time": times[0]}
        else:
            path, form = "query_range", {"query": query, "start": times[0], "end": times[1], "step": times[2]}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/v1/{path}", urllib.parse.urlencode(form).encode())
        try:
            answer = json.load(urllib.request.urlopen(request, timeout=60))
        except urllib.error.HTTPError as error:
            return {"error": json.load(error).get("error", "?")}
        data = answer["data"]
        if data["resultType"] == "scalar":
            return {"series": [[{}, [[round(data["result"][0] * 1000), data["result"][1]]]]]}
        return {"series": [[s["metric"], [[round(t * 1000), v] for t, v in s.get("values", [s.get("value")])]] for s in data["result"]]}

def number(text):
    return float(text.replace("Inf", "inf"))

def close(a, b, scale):
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    if math.isinf(a) or math.isinf(b):
        return a == b
    return abs(a - b) <= 1e-12 * max(abs(a), abs(b), scale)

def difference(theirs, ours):
    if ("error" in theirs) != ("error" in ours):
        return f"theirs {theirs.get('error', 'answers')}; ours {ours.get('error', 'answers')}"
    if "error" in theirs:
        return None
    a = {json.dumps(m, sort_keys=True): p for m, p in theirs["series"]}
    b = {json.dumps(m, sort_keys=True): p for m, p in ours["series"]}
    if a.keys() != b.keys():
        return f"series only theirs: {sorted(a.keys() - b.keys())[:2]}; only ours: {sorted(b.keys() - a.keys())[:2]}"
    for key, points in a.items():
        if [p[0] for p in points] != [p[0] for p in b[key]]:
            return f"{key}: points at other times: {points[:2]} / {b[key][:2]}"
        for (t, x), (_, y) in zip(points, b[key]):
            # What is left where large numbers cancel is rounding: compare by what they were, about a hundred.
            if not close(number(x), number(y), 1e-1):
                return f"{key} at {t}: theirs {x}, ours {y}"
    return None

def explained(query, theirs, ours):
    for kind, pattern, reason in EXPLAINED:
        if re.search(pattern, theirs.get("error", "") if kind == "error" else query):
            return reason
    return None

def tied(query, theirs, ours):
    """Which of equal values topk and bottomk keep is nowhere promised: the values must be the same."""
    def values(answer):
        return sorted((p[0], repr(round(number(p[1]), 9))) for s in answer.get("series", []) for p in s[1])
    return re.search(r"topk|bottomk", query) and values(theirs) == values(ours)

def main():
    answers, queries_folder = sys.argv[1], sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 1500
    seed = sys.argv[4] if len(sys.argv) > 4 else "1"
    if shutil.which("prometheus") is None or shutil.which("promtool") is None:
        print("NOT RUN: prometheus is not installed")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        data = f"{folder}/samples.txt"
        with open(data, "w") as f:
            for name, value, when in samples():
                f.write(f"{name} {written(value)} {when:.3f}\n")
            f.write("# EOF\n")
        hand = []
        for file in sorted(os.listdir(queries_folder)):
            if file.endswith(".txt"):
                with open(f"{queries_folder}/{file}") as f:
                    hand += [line.strip() for line in f if line.strip() and not line.startswith("#")]
        made = subprocess.run([answers, "generate", str(count), seed], check=True, capture_output=True, text=True).stdout.splitlines()
        queries = list(dict.fromkeys(hand + made))
        ours = subprocess.Popen([answers, "answer", data], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        prometheus = Prometheus(folder, data)
        equal, both_refuse, not_empty, reasons, failures = 0, 0, 0, {}, []
        try:
            for query in queries:
                for kind, times in (("I", (INSTANT,)), ("R", RANGE)):
                    ours.stdin.write(f"{kind} {' '.join(str(t * 1000) for t in times)} {query}\n")
                    ours.stdin.flush()
                    mine = json.loads(ours.stdout.readline())
                    theirs = prometheus.ask(kind, times, query)
                    wrong = difference(theirs, mine)
                    if wrong is None:
                        equal += 1
                        both_refuse += "error" in mine
                        not_empty += bool(mine.get("series"))
                    elif reason := explained(query, theirs, mine) or (tied(query, theirs, mine) and "another of equal values"):
                        reasons.setdefault(reason, []).append(query)
                    else:
                        failures.append(f"{kind} {query}\n    {wrong}")
        finally:
            prometheus.process.terminate()
            prometheus.process.wait()
            ours.stdin.close()
            ours.wait()
    print(f"{len(queries)} queries ({len(hand)} by hand), each instant and range: {equal} equal answers "
          f"({not_empty} with series, {both_refuse} refused by both), {len(failures)} differ")
    for reason, which in sorted(reasons.items()):
        print(f"  {len(which)} differ as they should: {reason}, such as {which[0]}")
    for failure in failures[:60]:
        print(failure)
    return 1 if failures else 0

sys.exit(main())
