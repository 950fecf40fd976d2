using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rewas.Tests.PromptCheck;

/// <summary>A small vocabulary in CLIP's published form, and a plain version of the published algorithm to compare with.</summary>
sealed class ClipVocabulary
{
    const string Word = @"'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+";

    readonly List<(string, string)> merges = [];
    readonly Dictionary<string, int> ids = [];

    /// <summary>Learnt from sentences: the most frequent neighbours merge, again and again.</summary>
    public ClipVocabulary(int count, params string[] sentences)
    {
        var words = sentences.SelectMany(Words).Select(Symbols).ToList();
        while (merges.Count < count
            && words.SelectMany(word => word.Zip(word.Skip(1)))
                .GroupBy(pair => pair)
                .OrderByDescending(g => g.Count())
                .ThenBy(g => g.Key.ToString(), StringComparer.Ordinal)
                .FirstOrDefault() is { } best)
        {
            merges.Add(best.Key);
            words = [.. words.Select(word => Merged(word, best.Key))];
        }
        string[] bytes = [.. Enumerable.Range(0, 256).Select(b => Symbol((byte)b).ToString())];
        foreach (var token in bytes.Concat(bytes.Select(b => b + "</w>"))
            .Concat(merges.Select(m => m.Item1 + m.Item2))
            .Append("<|startoftext|>")
            .Append("<|endoftext|>"))
            ids.TryAdd(token, ids.Count);
    }

    public int Count => ids.Count;

    public void Write(string vocabularyPath, string mergesPath)
    {
        File.WriteAllText(vocabularyPath, JsonSerializer.Serialize(ids));
        File.WriteAllLines(mergesPath, ["#version: 0.2", .. merges.Select(m => $"{m.Item1} {m.Item2}")]);
    }

    /// <summary>Encodes as `simple_tokenizer.py` does, with begin and end tokens.</summary>
    public long[] Encode(string text)
    {
        var all = new List<long> { ids["<|startoftext|>"] };
        foreach (var word in Words(text))
        {
            var symbols = Symbols(word);
            while (symbols.Zip(symbols.Skip(1))
                .Where(merges.Contains)
                .Select(pair => ((string, string)?)pair)
                .MinBy(pair => merges.IndexOf(pair!.Value)) is { } best)
                symbols = Merged(symbols, best);
            all.AddRange(symbols.Select(symbol => (long)ids[symbol]));
        }
        all.Add(ids["<|endoftext|>"]);
        return [.. all];
    }

    static IEnumerable<string> Words(string text) => Regex.Matches(text.ToLowerInvariant(), Word).Select(match => match.Value);

    static List<string> Symbols(string word)
    {
        List<string> symbols = [.. Encoding.UTF8.GetBytes(word).Select(b => Symbol(b).ToString())];
        symbols[^1] += "</w>";
        return symbols;
    }

    static List<string> Merged(List<string> word, (string, string) pair)
    {
        var merged = new List<string>();
        for (var i = 0; i < word.Count; i++)
        {
            var both = i + 1 < word.Count && (word[i], word[i + 1]) == pair;
            merged.Add(both ? word[i] + word[i + 1] : word[i]);
            i += both ? 1 : 0;
        }
        return merged;
    }

    /// <summary>Printable bytes stand for themselves, the others for the characters from 256 on.</summary>
    static char Symbol(byte value)
    {
        bool Prints(int b) => b is >= 33 and <= 126 or >= 161 and <= 172 or >= 174;
        return Prints(value) ? (char)value : (char)(256 + Enumerable.Range(0, value).Count(b => !Prints(b)));
    }
}
