using System.Text;
using System.Text.Json;

namespace Rewas.Bundles.Tokenizers;

/// <summary>
/// Learns a byte-level BPE vocabulary (Sennrich et al., 2016; bytes as in GPT-2) from sentences by repeatedly merging the most frequent
/// pair of adjacent symbols. Deterministic: ties are broken by the pair's text.
/// </summary>
public static class VocabularyTrainer
{
    static readonly string[] ByteSymbols = MakeByteSymbols();

    /// <summary>Writes <c>vocab.json</c> and <c>merges.txt</c> into a folder.</summary>
    public static void Train(IEnumerable<string> sentences, int merges, string directory)
    {
        var words = sentences.SelectMany(Words).GroupBy(w => w).Select(g => (Symbols: Spell(g.Key), Count: g.Count())).ToList();
        var learned = new List<(string Left, string Right)>();
        while (learned.Count < merges)
        {
            var best = words.SelectMany(w => w.Symbols.Zip(w.Symbols.Skip(1), (a, b) => (Pair: (a, b), w.Count)))
                .GroupBy(p => p.Pair).Select(g => (Pair: g.Key, Count: g.Sum(p => p.Count)))
                .Where(p => p.Count > 1)
                .OrderByDescending(p => p.Count).ThenBy(p => p.Pair.a, StringComparer.Ordinal).ThenBy(p => p.Pair.b, StringComparer.Ordinal)
                .FirstOrDefault();
            if (best.Count == 0)
                break;
            learned.Add(best.Pair);
            foreach (var (symbols, _) in words)
                for (var i = 0; i + 1 < symbols.Count; i++)
                    if (symbols[i] == best.Pair.a && symbols[i + 1] == best.Pair.b)
                    {
                        symbols[i] += symbols[i + 1];
                        symbols.RemoveAt(i + 1);
                    }
        }

        var tokens = PromptTokenizer.SpecialTokens.Concat(ByteSymbols).Concat(learned.Select(p => p.Left + p.Right)).Distinct();
        var vocabulary = tokens.Select((token, id) => (token, id)).ToDictionary(t => t.token, t => t.id);
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, PromptTokenizer.VocabularyFile), JsonSerializer.Serialize(vocabulary));
        var lines = string.Concat(learned.Select(p => $"{p.Left} {p.Right}\n"));
        File.WriteAllText(Path.Combine(directory, PromptTokenizer.MergesFile), "#version: 0.2\n" + lines);
    }

    // Splits like the pre-tokenizer: a word keeps the space before it.
    static IEnumerable<string> Words(string sentence) =>
        sentence.Split(' ').Select((word, i) => i == 0 ? word : " " + word).Where(word => word.Length > 0);

    static List<string> Spell(string word) => [.. Encoding.UTF8.GetBytes(word).Select(b => ByteSymbols[b])];

    // GPT-2's map from bytes to printable characters: printable Latin-1 stays, the others are mapped to U+0100 and up.
    static string[] MakeByteSymbols()
    {
        var next = 256;
        return
        [
            .. Enumerable.Range(0, 256)
                .Select(b => ((char)(b is >= 33 and <= 126 or >= 161 and <= 172 or >= 174 and <= 255 ? b : next++)).ToString()),
        ];
    }
}
