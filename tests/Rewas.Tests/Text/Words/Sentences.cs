using System.Globalization;

namespace Rewas.Tests.Text.Words;

/// <summary>Sentences with the order that they ask for. They were written before the code that reads them.</summary>
sealed record Sentence(string Language, string Asked, string[] Hear, string[] Not, string Decibels)
{
    const string AnyNegative = "*", AnyLevel = "?";

    static readonly HashSet<string> Grammar =
        [.. "a an the of on in at to into is and or with please could you add sound sounds i want make it".Split(' ')];

    public static IReadOnlyList<Sentence> English => [.. Rows("english.tsv").Select(row => Of("en", row))];

    public static IReadOnlyList<Sentence> OfLanguages => [.. Rows("languages.tsv").Select(row => Of(row[0], row[1..]))];

    public static IReadOnlyList<string> Unknowable => [.. Rows("unknown.tsv").Select(row => row[0])];

    /// <summary>Why an order is not the intended one; empty if it is.</summary>
    /// <param name="isExact">Whether the prompt may have no other words.</param>
    public string Difference(string prompt, string negative, double decibels, bool isExact)
    {
        var (heard, denied) = (Words(prompt), Words(negative));
        foreach (var wanted in Hear.Where(wanted => !wanted.Split('/').Any(heard.Contains)))
            return $"'{wanted}' is not heard";
        if (isExact && heard.Except(Hear.SelectMany(word => word.Split('/'))).FirstOrDefault(word => !Grammar.Contains(word)) is { } other)
            return $"'{other}' is heard";
        foreach (var wanted in Not.Where(wanted => wanted != AnyNegative && !wanted.Split('/').Any(denied.Contains)))
            return $"'{wanted}' is not denied";
        if (Not.Contains(AnyNegative) && denied.Count == 0)
            return "nothing is denied";
        if (Not.Length == 0 && denied.Count > 0)
            return $"'{negative}' is denied";
        if (Not.SelectMany(word => word.Split('/')).FirstOrDefault(heard.Contains) is { } wrong)
            return $"'{wrong}' is heard";
        return Decibels switch
        {
            AnyLevel => "",
            "+" => decibels > 0 ? "" : $"not louder but {decibels}",
            "-" => decibels < 0 ? "" : $"not quieter but {decibels}",
            "" => decibels == 0 ? "" : $"{decibels} dB",
            var number => decibels == double.Parse(number, CultureInfo.InvariantCulture) ? "" : $"{decibels} dB",
        };
    }

    static Sentence Of(string language, string[] row) =>
        new(language, row[0], Split(row, 1), Split(row, 2), row.Length > 3 ? row[3].Trim() : "");

    static string[] Split(string[] row, int column) =>
        column < row.Length ? row[column].Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];

    static HashSet<string> Words(string text) =>
        [.. text.ToLowerInvariant().Split([' ', ',', '.', ';', '"', '(', ')', '!', '?', ':'], StringSplitOptions.RemoveEmptyEntries)];

    static IEnumerable<string[]> Rows(string file)
    {
        using var stream = typeof(Sentence).Assembly.GetManifestResourceStream($"Words.{file}")!;
        using var reader = new StreamReader(stream);
        foreach (var line in reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
            yield return line.Split('\t');
    }
}
