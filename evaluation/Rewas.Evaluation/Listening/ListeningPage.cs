using System.Text;
using System.Text.Json;
using Rewas.Clip.Faults;

namespace Rewas.Evaluation.Listening;

/// <summary>
/// Writes a listening test as one page. It asks no other host for anything, and its security policy forbids it. Answers stay in the
/// browser until the listener saves them as a file.
/// </summary>
static class ListeningPage
{
    const string DataMark = "/*DATA*/", ScriptMark = "/*SCRIPT*/";

    /// <summary>Most bytes of a page. Browsers take long to open a larger one.</summary>
    public const long MostBytes = 300L << 20;

    /// <exception cref="InputFault">A recording cannot be read, or the page would be too large.</exception>
    public static async Task WriteAsync(
        ListeningPlan plan, TimeSpan longest, string path, IProgress<double>? progress, CancellationToken cancellation)
    {
        await using var page = new StreamWriter(path, append: false, new UTF8Encoding(false));
        var template = Resource("page.html").Replace(ScriptMark, Resource("page.js"), StringComparison.Ordinal);
        var at = template.IndexOf(DataMark, StringComparison.Ordinal);
        await page.WriteAsync(template.AsMemory(0, at), cancellation);
        await page.WriteAsync(
            JsonSerializer.Serialize(
                new
                {
                    id = plan.Id,
                    kind = plan.Kind == ListeningKind.Mushra ? "mushra" : "abx",
                    trials = plan.Trials.Select(trial => new
                    {
                        id = trial.Id,
                        reference = trial.Reference.Id,
                        stimuli = trial.Stimuli.Select(stimulus => stimulus.Id),
                    }),
                }).AsMemory(), cancellation);
        var written = 0L;
        foreach (var (trial, number) in plan.Trials.Select((trial, number) => (trial, number)))
        {
            foreach (var (id, wave) in await ListeningSounds.OfAsync(trial, longest, cancellation))
            {
                var text = Convert.ToBase64String(wave);
                if ((written += text.Length) > MostBytes)
                    throw InputFault.Exhausted(
                        "page", $"must have at most {MostBytes} bytes: take fewer clips (--clips) or shorter ones (--seconds)");
                await page.WriteAsync($"</script>\n<script type=\"text/plain\" id=\"sound-{id}\">{text}".AsMemory(), cancellation);
            }
            progress?.Report((number + 1.0) / plan.Trials.Count);
        }
        await page.WriteAsync(template.AsMemory(at + DataMark.Length), cancellation);
    }

    static string Resource(string name)
    {
        using var stream = typeof(ListeningPage).Assembly.GetManifestResourceStream($"Rewas.Evaluation.Listening.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
