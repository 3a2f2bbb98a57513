package dev.sage.node.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Ends one connection: when the node ends, as soon as no answer is under way; and when its next request has not come within
 * a time, counted from the opening or the end of the answer before to the end of the request's head. Pekko bounds only how
 * long nothing at all moves, so that a head which comes byte by byte would hold its connection for ever.
 *
 * <p>Stands between the connection and what answers. Bytes are not seen here, so who sends a head slowly and who sends
 * nothing are treated alike.
 */
final class ConnectionEnd extends GraphStage<BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse>> {
    /** An answer up to this size is taken for sent when it is given to the connection: the system's buffers have room. */
    private static final int AT_ONCE = 1 << 16;

    private final Duration within;
    private final Connections connections;
    private final Inlet<HttpRequest> requests = Inlet.create("ConnectionEnd.requests");
    private final Outlet<HttpRequest> toServer = Outlet.create("ConnectionEnd.toServer");
    private final Inlet<HttpResponse> answers = Inlet.create("ConnectionEnd.answers");
    private final Outlet<HttpResponse> toClient = Outlet.create("ConnectionEnd.toClient");
    private final BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse> shape =
            BidiShape.of(requests, toServer, answers, toClient);

    ConnectionEnd(Duration within, Connections connections) {
        this.within = within;
        this.connections = connections;
    }

    @Override
    public BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {
        private final AsyncCallback<Done> sent = createAsyncCallback(done -> sent());
        private final AsyncCallback<Done> end = createAsyncCallback(done -> {
            ending = true;
            endIfWaiting();
        });
        private boolean waiting = true;
        private boolean ending;
        private long waitingSinceNs;

        Logic() {
            super(shape);
            setHandler(requests, new AbstractInHandler() {
                @Override
                public void onPush() {
                    HttpRequest request = grab(requests);
                    if (isClosed(toClient)) {
                        // It came while the connection was being closed, and is not answered any more.
                        request.discardEntityBytes(materializer());
                    } else {
                        waiting = false;
                        push(toServer, request);
                    }
                }

                @Override
                public void onUpstreamFinish() {
                    complete(toServer);
                }
            });
            setHandler(toServer, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    if (!hasBeenPulled(requests) && !isClosed(requests)) {
                        pull(requests);
                    }
                }
            });
            setHandler(answers, new AbstractInHandler() {
                @Override
                public void onPush() {
                    push(toClient, untilSent(grab(answers)));
                    endIfWaiting();
                }
            });
            setHandler(toClient, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    if (!hasBeenPulled(answers) && !isClosed(answers)) {
                        pull(answers);
                    }
                }
            });
        }

        @Override
        public void preStart() {
            waitingSinceNs = System.nanoTime();
            scheduleOnce(this, within);
            connections.opened(this, () -> end.invoke(Done.getInstance()));
        }

        @Override
        public void postStop() {
            connections.closed(this);
        }

        /** The side of the requests stays open: its end tells that the connection is closed. */
        private void endIfWaiting() {
            if (ending && waiting && !isClosed(toClient)) {
                complete(toClient);
            }
        }

        private void waits() {
            waiting = true;
            waitingSinceNs = System.nanoTime();
        }

        private void sent() {
            waits();
            endIfWaiting();
        }

        /** One timer, as most requests come and go between two looks. */
        @Override
        public void onTimer(Object key) {
            Duration left = waiting ? within.minusNanos(System.nanoTime() - waitingSinceNs) : within;
            if (left.isNegative() || left.isZero()) {
                completeStage();
            } else {
                scheduleOnce(this, left);
            }
        }

        /** The time of the next request begins when this answer has been taken. */
        private HttpResponse untilSent(HttpResponse answer) {
            ResponseEntity body = answer.entity();
            if (body instanceof HttpEntity.Strict strict) {
                if (strict.getData().size() <= AT_ONCE) {
                    waits();
                    return answer;
                }
                return answer.withEntity(HttpEntities.create(
                        strict.getContentType(),
                        strict.getData().size(),
                        watched(Source.from(parts(strict.getData())))));
            } else if (body instanceof HttpEntity.Default sized) {
                return answer.withEntity(HttpEntities.create(
                        sized.getContentType(), sized.getContentLength(), watched(sized.getDataBytes())));
            }
            return answer.transformEntityDataBytes(
                    Flow.<ByteString>create().watchTermination((notUsed, end) -> tell(end)));
        }

        private Source<ByteString, NotUsed> watched(Source<ByteString, ?> data) {
            return data.watchTermination((notUsed, end) -> tell(end));
        }

        private NotUsed tell(CompletionStage<Done> end) {
            // In place: Scala's stages would take a new thread on a machine of two cores.
            var unused = end.whenCompleteAsync((done, failure) -> sent.invoke(Done.getInstance()), Runnable::run);
            return NotUsed.getInstance();
        }
    }

    private static List<ByteString> parts(ByteString data) {
        List<ByteString> parts = new ArrayList<>();
        for (ByteString rest = data; rest.nonEmpty(); rest = rest.drop(AT_ONCE)) {
            parts.add(rest.take(AT_ONCE));
        }
        return parts;
    }
}
