package dev.sage.cli.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Rows under headings, each column as wide as its widest cell. Where the terminal is too narrow the last column is cut, and
 * where that does not do, each line.
 */
public final class Table {
    private static final String GAP = "  ";
    private static final int LEAST_LAST = 8;

    private final List<String> headings;
    private final List<List<Cell>> rows = new ArrayList<>();

    /**
     * What stands in a row under one heading.
     *
     * @param paint puts what no reader sees around the text, when that has its final length
     */
    record Cell(String text, UnaryOperator<String> paint) {
        int width() {
            return text.length();
        }
    }

    /**
     * A table without rows.
     *
     * @param headings one that ends in {@code >} is of numbers, which stand at the right
     */
    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    /**
     * Adds a row.
     *
     * @param cells texts, or whatever has one; or a {@link Cell}
     */
    public void row(Object... cells) {
        List<Cell> row = new ArrayList<>();
        for (Object given : cells) {
            Cell cell = given instanceof Cell painted ? painted : plain(given);
            row.add(new Cell(oneLine(cell.text()), cell.paint()));
        }
        rows.add(row);
    }

    private static Cell plain(Object text) {
        return new Cell(String.valueOf(text), UnaryOperator.identity());
    }

    /** The lines, the first with the headings; none when there are no rows. */
    public List<String> lines(Optional<Integer> columns) {
        if (rows.isEmpty()) {
            return List.of();
        }
        List<Integer> widths = widths(columns);
        List<String> lines = new ArrayList<>();
        lines.add(line(headings.stream().map(Table::name).map(Table::plain).toList(), widths, columns));
        rows.forEach(row -> lines.add(line(row, widths, columns)));
        return lines;
    }

    private List<Integer> widths(Optional<Integer> columns) {
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < headings.size(); i++) {
            int column = i;
            int widest =
                    rows.stream().mapToInt(row -> row.get(column).width()).max().orElse(0);
            widths.add(Math.max(widest, name(headings.get(i)).length()));
        }
        int last = headings.size() - 1;
        int total = widths.stream().mapToInt(Integer::intValue).sum() + last * GAP.length();
        int over = total - columns.orElse(Integer.MAX_VALUE);
        if (over > 0) {
            int least = Math.min(LEAST_LAST, widths.get(last));
            widths.set(last, Math.max(least, widths.get(last) - over));
        }
        return widths;
    }

    private String line(List<Cell> cells, List<Integer> widths, Optional<Integer> columns) {
        StringBuilder line = new StringBuilder();
        int left = columns.orElse(Integer.MAX_VALUE);
        int spaces = 0;
        for (int i = 0; i < cells.size() && left > spaces; i++) {
            String text = cut(cells.get(i).text(), widths.get(i));
            int padding = widths.get(i) - text.length();
            spaces += isNumber(headings.get(i)) ? padding : 0;
            if (!text.isEmpty()) {
                String fitting = cut(text, left - spaces);
                line.append(" ".repeat(spaces)).append(cells.get(i).paint().apply(fitting));
                left -= spaces + fitting.length();
                spaces = 0;
            }
            spaces += (isNumber(headings.get(i)) ? 0 : padding) + GAP.length();
        }
        return line.toString();
    }

    /** At most so many characters; the last one tells when some are missing. */
    static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
    }

    /** What came from elsewhere must not move the cursor or end the line. */
    static String oneLine(String text) {
        return text.codePoints()
                .map(point -> Character.isISOControl(point) ? ' ' : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isNumber(String heading) {
        return heading.endsWith(">");
    }

    private static String name(String heading) {
        return isNumber(heading) ? heading.substring(0, heading.length() - 1) : heading;
    }
}
