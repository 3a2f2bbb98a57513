package dev.sage.runtime.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.LedgerEvent;
import dev.sage.runtime.core.ledger.LedgerOwner;
import dev.sage.runtime.core.ledger.LedgerState;
import dev.sage.runtime.core.ledger.Resource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LedgerLinesProperties {
    private static final LedgerEvent OPENED = new LedgerEvent.Opened(new LedgerOwner("abc", "host", "boot", 1, 2));

    @Property(tries = 300)
    void whatWasWrittenIsReadAsItWas(@ForAll("events") List<LedgerEvent> events) {
        LedgerLines.Content content = LedgerLines.read(lines(events));
        assertThat(content.trouble()).isEmpty();
        assertThat(content.state()).isEqualTo(LedgerState.of(withOwner(events)));
        assertThat(content.bytes()).isEqualTo(lines(events).length);
    }

    @Property(tries = 300)
    void cutAnywhereAllWholeLinesAreReadAndNothingElse(
            @ForAll("events") List<LedgerEvent> events, @ForAll int anywhere) {
        byte[] all = lines(events);
        byte[] cut = Arrays.copyOf(all, Math.floorMod(anywhere, all.length + 1));
        int whole = (int) new String(cut, StandardCharsets.US_ASCII)
                .chars()
                .filter(c -> c == '\n')
                .count();
        LedgerLines.Content content = LedgerLines.read(cut);
        assertThat(content.trouble()).isEmpty();
        assertThat(content.state()).isEqualTo(LedgerState.of(withOwner(events).subList(0, whole)));
    }

    @Example
    void lineThatIsNotUnderstoodIsTroubleAndNothingBehindItIsBelieved() {
        String text = text(OPENED) + text(new LedgerEvent.Added(entry(1))) + "{\"event\":\"add\n"
                + text(new LedgerEvent.Struck(1));
        LedgerLines.Content content = LedgerLines.read(text.getBytes(StandardCharsets.US_ASCII));
        assertThat(content.trouble()).hasValueSatisfying(why -> assertThat(why).startsWith("line 3 is not understood"));
        assertThat(content.state().entries()).containsExactly(entry(1));
    }

    @Example
    void laterFormIsNotGuessedAt() {
        String later = text(OPENED).replace("\"version\":1", "\"version\":2");
        assertThat(LedgerLines.read(later.getBytes(StandardCharsets.US_ASCII)).trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("its version is 2, and this Sage knows only 1"));
    }

    @Provide
    Arbitrary<List<LedgerEvent>> events() {
        Arbitrary<Long> numbers = Arbitraries.longs().between(1, 6);
        Arbitrary<Resource> resources = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 7).map(Resource.Gpu::new),
                Arbitraries.integers().between(1, 65_535).map(Resource.Port::new),
                Arbitraries.strings().map(mark -> new Resource.ProcessTree(mark, Optional.empty())),
                Combinators.combine(
                                Arbitraries.strings(),
                                Arbitraries.strings(),
                                Arbitraries.strings(),
                                Arbitraries.of(true, false))
                        .as(Resource.RayActor::new),
                Combinators.combine(Arbitraries.strings(), Arbitraries.longs(), Arbitraries.longs())
                        .as((mark, pid, ticks) ->
                                new Resource.ProcessTree(mark, Optional.of(new Resource.Spawned(pid, ticks)))));
        Arbitrary<LedgerEvent> added = Combinators.combine(
                        numbers, Arbitraries.strings(), Arbitraries.integers(), Arbitraries.strings(), resources)
                .as((number, job, epoch, holder, resource) ->
                        new LedgerEvent.Added(new LedgerEntry(number, job, epoch, holder, resource)));
        Arbitrary<LedgerEvent> spawned = Combinators.combine(numbers, Arbitraries.longs(), Arbitraries.longs())
                .as(LedgerEvent.Spawned::new);
        Arbitrary<LedgerEvent> struck = numbers.map(LedgerEvent.Struck::new);
        return Arbitraries.oneOf(added, added, spawned, struck).list().ofMaxSize(12);
    }

    private static List<LedgerEvent> withOwner(List<LedgerEvent> events) {
        List<LedgerEvent> all = new ArrayList<>(List.of(OPENED));
        all.addAll(events);
        return all;
    }

    private static byte[] lines(List<LedgerEvent> events) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        withOwner(events).forEach(event -> lines.writeBytes(LedgerLines.write(event)));
        return lines.toByteArray();
    }

    private static String text(LedgerEvent event) {
        return new String(LedgerLines.write(event), StandardCharsets.US_ASCII);
    }

    private static LedgerEntry entry(long number) {
        return new LedgerEntry(number, "job", 1, "a", new Resource.Gpu(0));
    }
}
