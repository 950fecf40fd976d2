using System.CommandLine;
using System.CommandLine.Parsing;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Sound.Curves;
using Rewas.Video;

namespace Rewas.Cli.Arguments;

/// <summary>One option for each curve edit. Edits are applied in the order in which they are given.</summary>
static class CurveOptions
{
    /// <summary>The longest accepted reference recording.</summary>
    static readonly TimeSpan LongestRecording = TimeSpan.FromMinutes(15);

    public static IReadOnlyList<Option<string[]>> Edits { get; } =
    [
        .. EditText.Forms.Select(
            form => new Option<string[]>($"--{form.Name}") { Description = form.Description, HelpName = form.Argument }),
    ];

    /// <summary>The edits given, in order.</summary>
    /// <param name="arguments">From a command that has all of <see cref="Edits"/>.</param>
    /// <param name="count">Length of the edited curve in values. Shorter recordings are padded with silence.</param>
    /// <param name="files">Collects the files that edits read.</param>
    /// <exception cref="InputFault">An edit is malformed, or a file that it names cannot be read.</exception>
    public static async Task<IReadOnlyList<CurveEdit>> EditsAsync(
        ParseResult arguments, int count, FileRoles files, CancellationToken cancel)
    {
        var names = Edits.Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
        var edits = new List<CurveEdit>();
        string? name = null;
        foreach (var token in arguments.Tokens)
        {
            if (token.Type == TokenType.Option)
                name = names.Contains(token.Value) ? token.Value[2..] : null;
            else if (token.Type == TokenType.Argument && name is not null)
            {
                var field = name;
                edits.Add(await EditText.ParseAsync(name, token.Value, source =>
                {
                    files.Reads(source, field);
                    return OpenAsync(source, arguments, count, cancel);
                }));
            }
        }
        return edits;
    }

    /// <summary>Reads a curve from a file, or measures it from a recording, which is padded with silence to the given length.</summary>
    public static async ValueTask<EnergyCurve> OpenAsync(string source, ParseResult arguments, int count, CancellationToken cancel)
    {
        if (CurveFile.IsName(source))
            return CurveFile.Read(source);
        var curve = await OfRecordingAsync(
            source, Bundle.Find(arguments.GetRequiredValue(SharedOptions.Bundle), verify: false).Manifest.Timing, cancel);
        return curve.Count < count ? curve.WithLength(count) : curve;
    }

    static async Task<EnergyCurve> OfRecordingAsync(string path, ClipTiming timing, CancellationToken cancel)
    {
        var samples = await SoundReader.ReadAsync(path, LongestRecording, cancel);
        return RecordingEnergy.Of([.. samples.Select(sample => sample / -(float)short.MinValue)], timing);
    }
}
