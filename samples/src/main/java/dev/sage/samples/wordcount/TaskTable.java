package dev.sage.samples.wordcount;

import dev.sage.api.TaskReport;
import java.util.List;
import java.util.Locale;

/** What each task of a job has done, as a table for {@code --verbose}. */
final class TaskTable {
    private static final String HEADING = "task";

    private TaskTable() {}

    static String of(List<TaskReport> tasks) {
        int width = tasks.stream().mapToInt(task -> label(task).length()).max().orElse(0);
        String row = "%-" + Math.max(width, HEADING.length()) + "s  %12s  %12s%n";
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, row, HEADING, "records in", "records out"));
        for (TaskReport task : tasks) {
            table.append(String.format(Locale.ROOT, row, label(task), task.recordsIn(), task.recordsOut()));
        }
        return table.toString();
    }

    private static String label(TaskReport task) {
        return String.join(" → ", task.operators()) + " [" + task.instance() + "]";
    }
}
