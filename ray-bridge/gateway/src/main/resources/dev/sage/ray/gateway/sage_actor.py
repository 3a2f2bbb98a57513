"""The actor that Sage makes on Ray for a user's Python class: it loads the class, calls its methods, and answers in bytes.

Nothing is ever raised to Ray, for which an exception from here would be a text: an answer is one byte that tells whether it
is a value (0), a failure (1) or a batch of which some records failed (2), then a payload.
"""

import asyncio
import atexit
import dataclasses
import importlib
import importlib.util
import inspect
import os
import queue
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback

import msgpack

VALUES = b"\x01"
VALUE, FAILED, PARTIAL = b"\x00", b"\x01", b"\x02"
BIG_INTEGER = 1
TRACE_CHARACTERS = 16_000
SAID_SECONDS = 5  # that the gateway may take to hear something
HUNG_UP_SECONDS = 1  # a gateway that ends a connection sooner wants none
ONE, EACH, EACH_SPREAD = 0, 1, 2
HEAD = struct.Struct(">bqh")  # kind, deadline in milliseconds, length of the method's name
BUNDLE = 3  # of calls that went together, in the place of a kind and of what tells a value from a failure
BUNDLE_HEAD = struct.Struct(">bqi")  # that, its number, and that of its calls
ANSWERS_HEAD = struct.Struct(">bi")
EARLY_HEAD = struct.Struct(">qii")  # number of the bundle, index of the call, length of the answer
LENGTH = struct.Struct(">i")
TOLD_BEFORE = LENGTH.pack(-1)
SLOW = -1  # in the place of an index
PATIENCE = 0.005  # seconds that an answer waits for the others of its bundle
HELD_BYTES = 1 << 20  # of answers that wait


class Refused(Exception):
    """Whose fault it is, besides what was thrown."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


def pack(value):
    try:
        return VALUES + msgpack.packb(value, default=_plain)
    except RecursionError:
        raise Refused("VALUE", "$: nested too deep; maybe the value contains itself") from None
    except (TypeError, ValueError, OverflowError) as e:
        raise Refused("VALUE", f"$: {e}") from e


def unpack(payload):
    if payload[:1] != VALUES:
        raise Refused("VALUE", f"a payload of codec {bytes(payload[:1])!r}, which Python does not read")
    return msgpack.unpackb(payload[1:], ext_hook=_extension, strict_map_key=False)


def _plain(value):
    if isinstance(value, int):
        return msgpack.ExtType(BIG_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if inspect.isgenerator(value):
        return list(value)
    if hasattr(value, "tolist"):  # arrays and scalars of NumPy, tensors
        return value.tolist()
    raise TypeError(
        f"a {_name(type(value))} cannot cross from Ray. What can: numbers, text, bytes, lists, tuples, dicts,"
        " dataclasses of these, and None"
    )


def _extension(code, data):
    if code != BIG_INTEGER:
        raise Refused("VALUE", f"extension {code} is not known here")
    return int.from_bytes(data, "big", signed=True)


def _name(of):
    return of.__qualname__ if of.__module__ in ("builtins", "__main__") else f"{of.__module__}.{of.__qualname__}"


def _failure(kind, e):
    trace = "".join(traceback.format_exception(type(e), e, _users_part(e.__traceback__)))
    cause = e.__cause__ if isinstance(e, Refused) and e.__cause__ is not None else e
    return FAILED + pack({
        "kind": kind,
        "type": "" if isinstance(cause, Refused) else _name(type(cause)),
        "message": _text(e),
        "trace": trace[-TRACE_CHARACTERS:].encode("utf-8", "replace").decode(),
    })


def _users_part(trace):
    """Without the frames that led to the user's code."""
    users = trace
    while users is not None and (users.tb_frame.f_code.co_filename == __file__ or "/ray/" in users.tb_frame.f_code.co_filename):
        users = users.tb_next
    return users or trace


def _text(e):
    try:
        return str(e).encode("utf-8", "replace").decode()
    except Exception as broken:
        return f"(no message: its __str__ raised {_name(type(broken))})"


def _connected(lifeline):
    """Held for as long as this process lives, so that its end is seen; without it the next call finds out."""
    try:
        held = socket.create_connection((lifeline["host"], lifeline["port"]), timeout=SAID_SECONDS)
        held.settimeout(None)  # its end may take long to come, what is said may not
        held.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SAID_SECONDS, 0))
        held.sendall(lifeline["token"].encode())
        os.register_at_fork(after_in_child=held.close)  # children may outlive us
        return held
    except OSError:
        return None


def _end_with_gateway(held, lifeline):
    """As Ray has it; but without its GCS, Ray itself would take a minute. A connection that broke is made anew."""
    while held is not None:
        since = time.monotonic()
        try:
            held.recv(1)
        except OSError:
            pass  # as good as its end
        held = _connected(lifeline) if time.monotonic() - since > HUNG_UP_SECONDS else None
    os._exit(1)


# Reads until the writer is dead, in a process that nobody takes for a child, then removes.
REMOVER = """exec 3<&0; (trap '' HUP INT TERM; read end <&3; rm -rf -- "$0") &"""


def _removed_at_death(folder):
    """Also after a kill: answers what is to be kept open until then."""
    reading, writing = os.pipe()
    try:
        subprocess.run(
            ["/bin/sh", "-c", REMOVER, folder],
            stdin=reading,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            check=False,
        )
    finally:
        os.close(reading)
    return writing


def _joined(answers):
    parts = [ANSWERS_HEAD.pack(BUNDLE, len(answers))]
    for answer in answers:
        parts += (TOLD_BEFORE,) if answer is None else (LENGTH.pack(len(answer)), answer)
    return b"".join(parts)


class Answers:
    """Those of a bundle of an actor that runs one call at a time. One that would wait for a slow call, or that is large, is told at once, by the lifeline."""

    def __init__(self, lifeline):
        self._lifeline = lifeline
        self._broken = lifeline is None
        self._lock = threading.Lock()
        self._begun = threading.Condition(self._lock)
        self._idle = True
        self._number = None
        threading.Thread(target=self._tell_in_time, name="sage-answers", daemon=True).start()

    def begin(self, number):
        with self._lock:
            self._number, self._answers, self._told, self._held = number, [], 0, 0
            if self._idle:
                self._idle = False
                self._begun.notify()

    def add(self, answer):
        with self._lock:
            self._answers.append(answer)
            self._held += len(answer)
            if self._held > HELD_BYTES:
                self._tell()

    def end(self):
        with self._lock:
            answers = self._answers
            self._number = self._answers = None
            return answers

    def _tell_in_time(self):
        with self._lock:
            while True:
                while self._number is None:
                    self._idle = True
                    self._begun.wait()
                number = self._number
                self._begun.wait(PATIENCE)
                if self._number == number:
                    self._tell()

    def _tell(self):
        if self._broken:
            return
        try:
            for index in range(self._told, len(self._answers)):
                answer = self._answers[index]
                self._lifeline.sendall(EARLY_HEAD.pack(self._number, index, len(answer)) + answer)
                self._answers[index], self._told = None, index + 1
                self._held -= len(answer)
        except OSError:
            self._broken = True  # they go with the others


class Threads:
    """Calls of an actor that runs several at once; the threads end with the process, whatever they do."""

    def __init__(self, lifeline, most):
        self._lifeline = lifeline
        self._most = most
        self._started = 0
        self._lock = threading.Lock()
        self._work = queue.SimpleQueue()

    def run(self, number, calls, answer):
        """What was not told before; blocks until all are carried out."""
        done = queue.SimpleQueue()
        for index, call in enumerate(calls):
            self._work.put((answer, index, call, done))
        with self._lock:
            starting = min(len(calls), self._most - self._started)
            self._started += starting
        for _ in range(starting):
            threading.Thread(target=self._serve, name="sage-call", daemon=True).start()
        answers = [None] * len(calls)
        until, told, held = time.monotonic() + PATIENCE, False, 0
        for _ in calls:
            try:
                index, given = done.get() if told else done.get(timeout=max(0, until - time.monotonic()))
            except queue.Empty:
                told = self._tell(number, SLOW, b"")
                for index, given in enumerate(answers):
                    if told and given is not None and self._tell(number, index, given):
                        answers[index] = None
                index, given = done.get()
            if isinstance(given, BaseException):
                raise given
            held += len(given)
            if not (told or held > HELD_BYTES) or not self._tell(number, index, given):
                answers[index] = given
        return answers

    def _serve(self):
        while True:
            answer, index, call, done = self._work.get()
            try:
                done.put((index, answer(call)))
            except BaseException as e:  # as sys.exit(): what it means is for Ray to say
                done.put((index, e))

    def _tell(self, number, index, answer):
        """False when it is to go with the others."""
        if self._lifeline is None:
            return False
        try:
            with self._lock:
                self._lifeline.sendall(EARLY_HEAD.pack(number, index, len(answer)) + answer)
            return True
        except OSError:
            self._lifeline = None
            return False


class SageActor:
    def __init__(self, spec):
        self._folder = None
        self._loop = None
        self._lock = threading.Lock()
        self._problem = None
        self._target = None
        self._lifeline = None
        self._answers = None
        self._threads = None
        try:
            fields = unpack(spec)
            self._target = self._make(fields)
            self._lifeline = _connected(fields["lifeline"])
            if fields["concurrency"] > 1:
                self._threads = Threads(self._lifeline, fields["concurrency"])
            if self._lifeline is not None and not fields["detached"]:
                threading.Thread(
                    target=_end_with_gateway,
                    args=(self._lifeline, fields["lifeline"]),
                    name="sage-lifeline",
                    daemon=True,
                ).start()
        except Exception as e:
            self._problem = _failure("START", e)

    def ready(self):
        return self._problem or VALUE + pack(None)

    def invoke(self, call):
        return self._bundle(call) if call[0] == BUNDLE and not self._problem else self._answer(call)

    def _bundle(self, bundle):
        _, number, count = BUNDLE_HEAD.unpack_from(bundle)
        calls, begin = [], BUNDLE_HEAD.size
        for _ in range(count):
            end = begin + LENGTH.size + LENGTH.unpack_from(bundle, begin)[0]
            calls.append(bundle[begin + LENGTH.size : end])
            begin = end
        if self._threads:
            return _joined(self._threads.run(number, calls, self._answer))
        if self._answers is None:
            self._answers = Answers(self._lifeline)
        self._answers.begin(number)
        for call in calls:
            self._answers.add(self._answer(call))
        return _joined(self._answers.end())

    def _answer(self, call):
        try:
            return self._problem or self._invoke(call)
        except Refused as e:
            return _failure(e.kind, e)
        except Exception as e:
            return _failure("USER", e)

    def cleanup(self):
        """As the target's own, if it has one; what was shipped is removed in any case."""
        try:
            if callable(getattr(self._target, "cleanup", None)):
                self._result(self._target.cleanup())
            return VALUE + pack(None)
        except Exception as e:
            return _failure("USER", e)
        finally:
            self._remove_files()

    def watched(self, lifeline):
        """By another gateway than the one that made it."""
        self._lifeline = _connected(unpack(lifeline))
        return VALUE + pack(None)

    def _invoke(self, call):
        kind, deadline_millis, length = HEAD.unpack_from(call)
        begin = HEAD.size + length
        method, payload = call[HEAD.size : begin].decode(), memoryview(call)[begin:]
        if deadline_millis and time.time() * 1000 > deadline_millis:
            raise Refused("EXPIRED", f"The deadline of {method}(…) had passed when its turn came; it was not executed.")
        called = None if method.startswith("_") and method != "__call__" else getattr(self._target, method, None)
        if not callable(called):
            raise Refused("METHOD", self._no_method(method))
        arguments = unpack(payload)
        if kind == ONE:
            return VALUE + pack(self._result(called(*arguments)))
        return self._each(called, arguments, kind == EACH_SPREAD)

    def _each(self, called, records, spread):
        results, failures = [], {}
        for index, record in enumerate(records):
            try:
                result = self._result(called(*record) if spread else called(record))
                results.append(list(result) if inspect.isgenerator(result) else result)
            except Exception as e:
                results.append(None)
                failures[index] = _failure(e.kind if isinstance(e, Refused) else "USER", e)
        if not failures:
            try:
                return VALUE + pack(results)
            except Refused:
                pass  # of which record, is told below
        return PARTIAL + pack([failures.get(index) or self._packed(result) for index, result in enumerate(results)])

    @staticmethod
    def _packed(result):
        try:
            return VALUE + pack(result)
        except Refused as e:
            return _failure(e.kind, e)

    def _result(self, result):
        if inspect.iscoroutine(result):
            return asyncio.run_coroutine_threadsafe(result, self._event_loop()).result()
        return result

    def _event_loop(self):
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="sage-asyncio", daemon=True).start()
            return self._loop

    def _no_method(self, method):
        has = sorted(name for name in dir(self._target) if not name.startswith("_"))
        return f"{_name(type(self._target))} has no method {method}. It has: {', '.join(has) or 'none'}."

    def _make(self, spec):
        paths = [os.path.abspath(path) for path in spec["paths"]]
        if spec["files"]:
            paths.insert(0, self._write(spec["files"]))
        module, files = spec["module"], []
        for path in reversed(paths):
            if not os.path.exists(path):
                raise Refused("START", f"The code {path} is not there, on the machine that runs the actor.")
            if path.endswith(".py"):
                files.append(path)
            sys.path.insert(0, os.path.dirname(path) if path.endswith(".py") else path)
        found = getattr(self._import(module, files), spec["type"], None)
        if found is None:
            raise Refused("START", f"The module {module} has no {spec['type']}.")
        if not inspect.isclass(found):
            return found
        named = unpack(spec["named"]) if spec["named"] else {}
        return found(*unpack(spec["arguments"]), **named)

    @staticmethod
    def _import(module, files):
        wanted = os.path.basename(module)
        for file in files:
            if os.path.basename(file) in (wanted, wanted + ".py"):
                # By its file: a module of the same name may be loaded already, or be installed.
                name = os.path.basename(file)[:-3]
                made = importlib.util.spec_from_file_location(name, file)
                loaded = importlib.util.module_from_spec(made)
                sys.modules[name] = loaded
                made.loader.exec_module(loaded)
                return loaded
        return importlib.import_module(wanted[:-3] if wanted.endswith(".py") else module)

    def _write(self, files):
        self._folder = tempfile.mkdtemp(prefix="sage-actor-")
        atexit.register(self._remove_files)
        self._alive = _removed_at_death(self._folder)
        for file in files:
            path = os.path.abspath(os.path.join(self._folder, file["name"]))
            if not path.startswith(self._folder + os.sep):
                raise Refused("START", f"The file {file['name']} is outside of the folder for what is shipped.")
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as out:
                out.write(file["bytes"])
        return self._folder

    def _remove_files(self):
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
