using System.Text;

namespace Rewas.Library.Searching;

/// <summary>The words of a search that are looked up one by one.</summary>
static class QueryWords
{
    const int MostWords = 16;

    /// <summary>Words that do not describe a sound.</summary>
    static readonly HashSet<string> Empty = new(StringComparer.Ordinal)
    {
        "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "into", "is", "it", "its", "of", "off", "on", "onto", "or",
        "some", "someone", "something",
        "sound", "sounds", "that", "the", "their", "this", "to", "with",
    };

    /// <summary>The distinct words in order, in lower case.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var c in text + " ")
        {
            if (char.IsLetterOrDigit(c))
                word.Append(char.ToLowerInvariant(c));
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
        return [.. words.Where(found => !Empty.Contains(found)).Distinct().Take(MostWords)];
    }
}
