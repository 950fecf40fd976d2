using Rewas.Clip.Faults;

namespace Rewas.Evaluation.Scenes.DataSets;

/// <summary>Checks that a data set's test clips are suitable for testing.</summary>
static class SplitCheck
{
    const int Named = 5;

    /// <exception cref="InputFault">There are no test clips, one is listed twice, or one is also a training clip.</exception>
    public static void ThrowUnlessApart(string file, IReadOnlyCollection<string> training, IReadOnlyCollection<string> test)
    {
        if (test.Count == 0)
            throw InputFault.Precondition("dataset", $"'{file}' lists no test clip");
        if (test.GroupBy(clip => clip).Where(same => same.Count() > 1).Select(same => same.Key).ToList() is { Count: > 0 } twice)
            throw InputFault.Precondition("dataset", $"'{file}' lists {twice.Count} test clips twice: {Some(twice)}");
        if (test.Intersect(training).ToList() is { Count: > 0 } both)
            throw InputFault.Precondition("dataset", $"'{file}' has {both.Count} clips in both training and test: {Some(both)}");
    }

    public static string Some(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal).Take(Named)) + (names.Count > Named ? ", ..." : "");
}
