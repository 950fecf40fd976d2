using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Options;
using Rewas.AudioDiffusion;
using Rewas.Bundles;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Networks.Onnx;
using Rewas.Sound;
using Rewas.Sound.Levels;
using Rewas.Sound.Mel;
using Rewas.Sound.Wav;
using Rewas.Video;
using Rewas.Vocoder;

namespace Rewas.Evaluation.Commands;

/// <summary>
/// <c>rewas evaluate rebuild</c>: what mel encoder, mel decoder and vocoder leave of a real recording. No generated sound can be better.
/// </summary>
static class EvaluateRebuildCommand
{
    const string List = "LIST.tsv";

    static readonly Option<string> Recordings = new("--recordings")
    {
        Description = $"folder with an {RecordingIndex.FileName} (columns file and label, others as --where names them)",
        HelpName = "DIR",
        Required = true,
    };
    static readonly Option<string[]> Where = new("--where")
    {
        Description = "only recordings whose COLUMN is VALUE, e.g. fold=1; several values of a column are alternatives; may be repeated",
        HelpName = "COLUMN=VALUE",
    };
    static readonly Option<string> Output = new("--output", "-o")
    {
        Description = $"folder of the rebuilt sounds and {List}",
        HelpName = "DIR",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Command("rebuild", $"""
            What the autoencoder and the vocoder leave of real recordings. Each recording's first 5.12 s go through mel encoder, mel
            decoder and vocoder, with no diffusion between. Writes the sounds and {List} (label, file) for a judge, and says how
            restless they are beside the originals: the mean change of the log mel from frame to frame, which blur takes away first.

            Example:
              rewas evaluate rebuild --recordings sounds --where set=ESC-10 --where fold=1 --where fold=2 -o /tmp/rebuilt
            """)
        {
            Recordings, Where, Output, SharedOptions.Bundle,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var (folder, output) = (arguments.GetRequiredValue(Recordings), arguments.GetRequiredValue(Output));
        var rows = Read(folder, arguments.GetValue(Where) ?? []);
        var bundle = Bundle.Find(arguments.GetRequiredValue(SharedOptions.Bundle));
        using var engine = new LocalSampling(bundle, new(), new());
        using var vocoder = new MelToWaveform(bundle, Options.Create(new OnnxOptions()), Options.Create(new VocoderOptions()));
        Directory.CreateDirectory(output);
        var lines = new List<string>();
        var restlessness = new List<(double Rebuilt, double Real)>();
        foreach (var (number, (file, label)) in rows.Index())
        {
            var sound = await SoundReader.ReadFloatsAsync(Path.Combine(folder, file), ClipTiming.WindowDuration, cancel);
            var wave = new float[ClipTiming.SamplesPerWindow];
            sound.AsSpan(0, Math.Min(sound.Length, wave.Length)).CopyTo(wave);
            Loudness.NormaliseForTraining(wave);
            var mel = MelSpectrogram.LogMel(wave);
            var clock = new StageClock(nameof(Vocoder), bundle);
            var synthesis = vocoder.Begin(ClipTiming.SamplesPerWindow, clock, cancel);
            var rebuilt = engine.Rebuild(mel, seed: (uint)number, cancel);
            float[] made =
            [
                .. synthesis.Add(HostTensor.Of(rebuilt, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins))
                    .Concat(synthesis.End())
                    .SelectMany(part => part.Samples.ToArray()),
            ];
            var heard = MelSpectrogram.FramesIn(Math.Min(sound.Length, wave.Length)) * ClipTiming.MelBins;
            restlessness.Add((Restlessness(MelSpectrogram.LogMel(made).AsSpan(0, heard)), Restlessness(mel.AsSpan(0, heard))));
            var path = Path.Combine(Path.GetFullPath(output), FormattableString.Invariant($"{label.Replace(' ', '-')}-{number}.wav"));
            await WavFile.WriteAsync(
                path, new Waveform([.. made.Take(Math.Min(sound.Length, wave.Length))], ClipTiming.SampleRate), WavEncoding.Pcm16, cancel);
            lines.Add($"{label}\t{path}");
        }
        await File.WriteAllLinesAsync(Path.Combine(output, List), lines, cancel);
        var (ours, theirs) = (restlessness.Average(r => r.Rebuilt), restlessness.Average(r => r.Real));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rows.Count} recordings rebuilt in {output}; restlessness {ours:F3}, the originals' {theirs:F3}: {ours / theirs:F2} of it"));
        return 0;
    }

    /// <summary>File and label of the recordings that are asked for.</summary>
    static List<(string File, string Label)> Read(string folder, IReadOnlyList<string> where)
    {
        var asked = where.Select(condition => condition.Split('=', 2) is [var column, var value]
            ? (Column: column, Value: value)
            : throw InputFault.Invalid("where", $"must be COLUMN=VALUE, but is '{condition}'")).ToLookup(condition =>
                condition.Column, condition => condition.Value);
        var index = RecordingIndex.Read(folder, ["file", "label", .. asked.Select(values => values.Key)]);
        List<(string, string)> rows =
        [
            .. index.Where(row => asked.All(values => values.Contains(row[values.Key]))).Select(row => (row["file"], row["label"])),
        ];
        return rows.Count > 0 ? rows : throw InputFault.Invalid("where", $"no recording of '{folder}' is so");
    }

    static double Restlessness(ReadOnlySpan<float> mel)
    {
        var sum = 0.0;
        for (var i = ClipTiming.MelBins; i < mel.Length; i++)
            sum += Math.Abs(mel[i] - mel[i - ClipTiming.MelBins]);
        return mel.Length > ClipTiming.MelBins ? sum / (mel.Length - ClipTiming.MelBins) : 0;
    }
}
