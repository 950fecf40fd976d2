using System.Text.Json;
using Rewas.Bundles;

namespace Rewas.Text;

/// <summary>The phrases for the sounds of each label, from which training draws captions: training/configs/captions.json.</summary>
public static class LabelCaptions
{
    static readonly LoadedOnce<Dictionary<string, string[]>> phrases = new(Read);

    /// <summary>Labels that have phrases.</summary>
    public static IReadOnlyCollection<string> Labels => phrases.Value.Keys;

    /// <summary>The label and its phrases.</summary>
    public static IReadOnlyList<string> Of(string label) => phrases.Value.TryGetValue(label, out var known) ? [label, .. known] : [label];

    static Dictionary<string, string[]> Read()
    {
        using var stream = typeof(LabelCaptions).Assembly.GetManifestResourceStream("Rewas.Text.captions.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string[]>>(stream)!;
    }
}
