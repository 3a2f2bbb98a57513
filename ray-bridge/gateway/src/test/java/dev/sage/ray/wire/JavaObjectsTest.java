package dev.sage.ray.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JavaObjectsTest {
    record Point(int x, double y) {}

    record Named<T>(
            String name,
            Optional<T> value,
            List<Point> points,
            @Nullable Named<T> next) {}

    record Whole(Point point, Optional<String> text) implements Serializable {}

    static final class Own implements Serializable {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("serial")
        final Point point = new Point(3, 4);
    }

    static final class Closed {}

    private static @Nullable Object again(@Nullable Object value) {
        return JavaObjects.read(JavaObjects.write(value), JavaObjectsTest.class.getClassLoader());
    }

    @Test
    void recordsCrossByWhatTheyHoldWhereverTheyAre() {
        Named<Point> last = new Named<>("ü", Optional.empty(), List.of(), null);
        Named<Point> named = new Named<>("a", Optional.of(new Point(1, 2)), List.of(new Point(5, 6)), last);
        assertThat(again(named)).isEqualTo(named);
        assertThat(again(Map.of(new Point(1, 2), Set.of(named)))).isEqualTo(Map.of(new Point(1, 2), Set.of(named)));
        assertThat((Point[]) again(new Point[] {new Point(1, 2), null})).containsExactly(new Point(1, 2), null);
        assertThat(again(new Whole(new Point(7, 8), Optional.of("t"))))
                .isEqualTo(new Whole(new Point(7, 8), Optional.of("t")));
        assertThat(((Own) again(new Own())).point).isEqualTo(new Point(3, 4));
    }

    @Test
    void valuesWithoutSerializationCross() {
        assertThat(again(Optional.empty())).isEqualTo(Optional.empty());
        assertThat(again(List.of(Optional.of(TimeUnit.DAYS)))).isEqualTo(List.of(Optional.of(TimeUnit.DAYS)));
        assertThat(again(null)).isNull();
    }

    @Test
    void whatIsSharedStaysShared() {
        Point shared = new Point(1, 2);
        List<?> both = (List<?>) again(List.of(shared, shared));
        assertThat(both.get(0)).isSameAs(both.get(1));
    }

    @Test
    void aClassThatCannotCrossIsNamedWithWhatToDo() {
        assertThatThrownBy(
                        () -> JavaObjects.write(List.of(new Named<>("a", Optional.of(new Closed()), List.of(), null))))
                .isInstanceOf(EnvelopeException.class)
                .hasMessageContaining("a " + Closed.class.getName() + " cannot cross, as it is not serializable")
                .hasMessageContaining("implement java.io.Serializable, or make it a record");
    }

    @Test
    void aRecordWhoseClassIsNotThereIsNamed() {
        byte[] point = JavaObjects.write(new Point(1, 2));
        assertThatThrownBy(() -> JavaObjects.read(point, ClassLoader.getPlatformClassLoader()))
                .isInstanceOf(EnvelopeException.class)
                .hasMessageContaining("is of " + Point.class.getName() + ", a class that is not there");
    }

    @Test
    void aListInARecordOfTheSameListCrosses() {
        List<Object> list = new ArrayList<>();
        list.add(new Named<>("a", Optional.of(list), List.of(), null));
        List<?> crossed = (List<?>) again(list);
        assertThat(((Named<?>) crossed.get(0)).value().orElseThrow()).isSameAs(crossed);
    }
}
