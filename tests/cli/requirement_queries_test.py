# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
"""Every expression of the table of requirements (panels, alerts, queries), asked of a monitor that watches the demo's desk.

    requirement_queries_test.py BELLWETHER requirements.md

Each must parse and answer without an error or a warning; what reads only metrics that the desk exports, and compares nothing,
must answer with something. That may take some scrapes - a metric that has just appeared has no rate, and a busy machine is slow
to scrape and to answer -, so such an expression is asked again until it has its answer, for a minute in all. Where the table has words in place of an expression, `WORDS` says what they mean.
"""
import json, os, re, subprocess, sys, tempfile, time, urllib.parse, urllib.request

SKIPPED = 77
PATIENCE_S = 60  # for all expressions together
WORDS = {
    "rate of provider calls": ["sum by (provider) (rate(circuit_breaker_calls_total[5m]))"],
    "p50, p95, p99 of test_watcher_test_execution_duration_seconds":
        [f"histogram_quantile({q}, sum by (le) (rate(test_watcher_test_execution_duration_seconds_bucket[5m])))" for q in (.5, .95, .99)],
    "p50, p95, p99 of audit_agent_run_duration_seconds":
        [f"histogram_quantile({q}, sum by (le) (rate(audit_agent_run_duration_seconds_bucket[5m])))" for q in (.5, .95, .99)],
    "p50, p95 of api_request_duration_seconds by api":
        [f"histogram_quantile({q}, sum by (le, api) (rate(api_request_duration_seconds_bucket[5m])))" for q in (.5, .95)],
    "hits/(hits+misses) as rates":
        ["sum(rate(peak_cache_hits_total[5m])) / (sum(rate(peak_cache_hits_total[5m])) + sum(rate(peak_cache_misses_total[5m])))"],
    "histogram_quantile(q, rate(algo_trade_intent_to_ack_latency_ms_bucket[5m])) for q = 0.50, 0.95, 0.99":
        [f"histogram_quantile({q}, rate(algo_trade_intent_to_ack_latency_ms_bucket[5m]))" for q in (.5, .95, .99)],
    "algo_trade_kill_switch_{pnl,psr,drawdown}_active":
        [f"algo_trade_kill_switch_{kind}_active" for kind in ("pnl", "psr", "drawdown")],
    "rate(redis_operations_total{status=\"success\"}[5m]) /":  # the seed's, cut off: the corrected one stands beside it
        ["rate(redis_operations_total{status=\"success\"}[5m])"],
}
# Of other programs than the desk (the automation pack's watcher and audit), or of the rules themselves.
NOT_THE_DESKS = re.compile(r"^(ALERTS|test_watcher_|audit_agent_)")

def expressions(path):
    """(id, expression, must it have an answer) of all tables of sections 4 to 6."""
    section, header = "", []
    for line in open(path, encoding="utf-8"):
        if line.startswith("## "):
            section = line.split(".")[0].removeprefix("## ").strip()
        if section not in ("4", "5", "6") or not line.startswith("|"):
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        if cells[0] == "id":
            header = cells
            continue
        if not re.match(r"S\d\.", cells[0]):
            continue
        row = dict(zip(header, cells))
        found = [row.get("query", ""), row.get("correct", ""), row.get("correct expr", "")]
        if section == "5" and not row.get("correct expr"):
            found.append(f"`{row['condition in the seed']}`" if re.match(r"[a-z_(]+.*[=<>]", row["condition in the seed"]) else "")
        for text in found:
            text = text.replace("\\|", "|")
            for part in re.findall(r"`([^`]+)`", text):
                part = part.split("   #")[0].strip()
                for one in WORDS.get(part, [part]):
                    yield row["id"], one, section != "5" and not re.search(r"[<>=]=|[<>]", one)

def metrics_of(expression):
    text = re.sub(r'"[^"]*"|\{[^}]*\}|\[[^\]]*\]|\b(by|on|without|ignoring) *\([^)]*\)', " ", expression)
    words = re.findall(r"[a-zA-Z_:][\w:]*(?!\w*\()", text)
    return {w for w in words if "_" in w and not re.search(rf"\b{w}\s*\(", text)}

class Demo:
    def __init__(self, program, folder):
        self.output = open(f"{folder}/out", "w+")
        self.process = subprocess.Popen([program, "demo", "--port", "0", "--monitor-port", "0"], cwd=folder,
                                        stdout=self.output, stderr=subprocess.STDOUT)
        self.url = None
        self.wait("the demo serves", self.find_url)

    def find_url(self):
        found = re.search(r"monitor  (http://[^/\s]*)/", open(self.output.name).read())
        self.url = found and found.group(1)
        return found

    def wait(self, what, condition):
        deadline = time.monotonic() + 60
        while not condition():
            if time.monotonic() > deadline or self.process.poll() is not None:
                self.process.kill()
                sys.exit(f"gave up waiting: {what}\n" + open(self.output.name).read()[-3000:])
            time.sleep(0.1)

    def ask(self, query):
        """The answer. Where there was none, or that the monitor is busy: it has the key `later`."""
        body = urllib.parse.urlencode({"query": query}).encode()
        try:
            return json.load(urllib.request.urlopen(f"{self.url}/api/v1/query", body, timeout=30))
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            try:
                answer = json.loads(text)
            except ValueError:
                answer = {"status": "error", "error": text}
            return answer | ({"later": True} if error.code in (429, 503) else {})
        except OSError as error:  # a connection that was not taken, or no answer in time
            return {"status": "error", "error": str(error), "later": True}

    def has(self, query):
        answer = self.ask(query)
        return answer["status"] == "success" and answer["data"]["result"]

    def names(self):
        return set(json.load(urllib.request.urlopen(f"{self.url}/api/v1/label/__name__/values", timeout=30))["data"])

def complaint_of(answer, must_answer):
    """What is wrong with an answer, and whether it may be right a scrape later."""
    if answer["status"] != "success":
        return answer.get("error"), "later" in answer
    if answer.get("warnings"):
        return f"warns: {answer['warnings']}", False
    return ("EMPTY", True) if must_answer and not answer["data"]["result"] else (None, False)

def main():
    program, table = os.path.realpath(sys.argv[1]), sys.argv[2]
    if not os.path.exists(table):
        print(f"NOT RUN: the table of requirements is not at {table}")
        return SKIPPED
    asked = list(expressions(table))
    if len(asked) < 120:
        sys.exit(f"only {len(asked)} expressions found in {table}: has its form changed?")
    with tempfile.TemporaryDirectory() as folder:
        demo = Demo(program, folder)
        try:
            # Counters of trades take the desk some seconds.
            demo.wait("three scrapes", lambda: demo.has('max(count_over_time(levi_equity_now[5m])) >= 3'))
            known = demo.names()
            waiting = [(name, expression, wanted and not NOT_THE_DESKS.match(expression) and metrics_of(expression) <= known)
                       for name, expression, wanted in asked]
            deadline = time.monotonic() + PATIENCE_S
            rounds, wrong = 0, []
            while waiting:
                rounds += 1
                last, again = time.monotonic() > deadline, []
                for each in waiting:
                    complaint, may_pass = complaint_of(demo.ask(each[1]), each[2])
                    if complaint and may_pass and not last:
                        again.append(each)
                    elif complaint:
                        wrong.append(f"{each[0]} {each[1]}\n    {complaint}")
                waiting = again
                if waiting:
                    print(f"after {rounds} rounds {len(waiting)} are asked again, first {waiting[0][1]}")
                    time.sleep(0.5)
            foreign = set().union(*(metrics_of(expression) for _, expression, _ in asked)) - known
            print(f"{len(asked)} expressions asked; not exported here: {sorted(foreign)}")
            if wrong:
                print("\n".join(wrong), open(demo.output.name).read()[-3000:], sep="\n")
            return 1 if wrong else 0
        finally:
            demo.process.terminate()
            try:
                demo.process.wait(20)
            except subprocess.TimeoutExpired:
                demo.process.kill()

sys.exit(main())
