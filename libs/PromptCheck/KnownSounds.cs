using Rewas.Text;

namespace Rewas.PromptCheck;

/// <summary>Whether the platform knows what words sound like, for programs that ask rather than guess.</summary>
public static class KnownSounds
{
    /// <summary>
    /// Least cosine with a caption of a label. It is below that of a look-up, because a sound that is only like a known one is better made
    /// than asked about.
    /// </summary>
    const double Threshold = 0.45;

    static readonly NearestByWords Nearest = new(
        LabelCaptions.Labels.Select(label => KeyValuePair.Create(label, LabelCaptions.Of(label))), threshold: Threshold);

    /// <param name="prompt">In English, without words of negation.</param>
    public static bool Know(string prompt) =>
        PromptReading.Of(prompt) is { Sources.Count: > 0 } or { Courses: [{ Course: Course.Silent }, ..] }
        || Nearest.Find(prompt) is not null;
}
