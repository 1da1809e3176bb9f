# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
"""Every expression of the table of requirements (panels, alerts, queries), asked of a monitor that watches the demo's desk.

    requirement_queries_test.py BELLWETHER requirements.md

Each must parse and answer without an error or a warning; what reads only metrics that the desk exports, and compares nothing,
must answer with something. Where the table has words in place of an expression, `WORDS` says what they mean.
"""
import json, os, re, subprocess, sys, tempfile, time, urllib.parse, urllib.request

SKIPPED = 77
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
                sys.exit(f"gave up waiting: {what}\n" + open(self.output.name).read()[-3000:])
            time.sleep(0.1)

    def ask(self, query):
        body = urllib.parse.urlencode({"query": query}).encode()
        try:
            return json.load(urllib.request.urlopen(f"{self.url}/api/v1/query", body, timeout=30))
        except urllib.error.HTTPError as error:
            return json.load(error)

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
            # Two scrapes at least, for rates; counters of trades take the desk some seconds.
            demo.wait("three scrapes", lambda: demo.ask('max(count_over_time(up{job=~".*desk.*|paper.*"}[5m])) >= 3 or max(count_over_time(levi_equity_now[5m])) >= 3')["data"]["result"])
            known = set(json.load(urllib.request.urlopen(f"{demo.url}/api/v1/label/__name__/values"))["data"])
            failures, empty, foreign = [], [], set()
            for name, expression, wanted in asked:
                answer = demo.ask(expression)
                if answer["status"] != "success":
                    failures.append(f"{name} {expression}\n    {answer.get('error')}")
                    continue
                if answer.get("warnings"):
                    failures.append(f"{name} {expression}\n    warns: {answer['warnings']}")
                missing = {m for m in metrics_of(expression) if m not in known}
                foreign |= missing
                if NOT_THE_DESKS.match(expression):
                    continue
                if wanted and not missing and not answer["data"]["result"]:
                    empty.append(f"{name} {expression}")
            print(f"{len(asked)} expressions asked; not exported here: {sorted(foreign)}")
            for text in failures + [f"EMPTY {e}" for e in empty]:
                print(text)
            return 1 if failures or empty else 0
        finally:
            demo.process.terminate()
            try:
                demo.process.wait(20)
            except subprocess.TimeoutExpired:
                demo.process.kill()

sys.exit(main())
