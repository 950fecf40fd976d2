using System.Globalization;
using Rewas.Bundles;
using Rewas.Cli.Output;
using Rewas.Cli.Serving;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Networks.Onnx;
using Rewas.Protocol.Orders;
using Rewas.Rendering;
using Rewas.Video;

namespace Rewas.Cli.Making;

/// <summary>Makes the file of a job, and its sidecar.</summary>
static class SoundJobRun
{
    /// <summary>:: Step 1: find every fault before any work. :: Step 2: make the file. :: Step 3: report what was made.</summary>
    /// <param name="roles">The other files that the command reads and writes.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(SoundJob job, FileRoles roles, CancellationToken cancel)
    {
        // :: Step 1
        var (order, clip, files) = job;
        OrderCheck.ThrowIfWrong(order);
        roles.Reads(clip.Path, "video");
        foreach (var (path, field) in files.All(order.Options.Candidates, order.Environment is not null))
            roles.Writes(path, field);
        if (!files.SoundOnly)
            Muxer.ThrowUnlessWritable(files.Output, clip.Path);
        if (SoundMaker.ThrowUnlessHeld(clip, files) is { } leftOut)
            await Console.Error.WriteLineAsync($"warning: output: {leftOut}");
        if (files.WavPath is { } wav)
            OutputPlace.ThrowUnlessRoom(
                wav, files.SoundOnly ? "output" : "wav", SoundMix.FramesFor(clip.Facts.Duration, ClipTiming.SampleRate) * sizeof(float));

        // :: Step 2
        PartialFile.Create(files.Sidecar, "sidecar").Dispose();              // it can be written
        var made = await ProgressBars.ShowAsync(job.Json, async progress =>
        {
            await using var stages =
                await Stages.ConnectAsync(job.Gateway, job.Bundle, cancel, job.Precision, settings: job.LengthSettings);
            if (job.Before is { } before
                && (await stages.Client.DescribeAsync(cancel))[0] is var loaded
                && loaded.BundleSha256 != before.BundleSha256)
                throw InputFault.Precondition(
                    "bundle", $"must be the one that made the file ({before.BundleSha256}), but {loaded.Bundle} has {loaded.BundleSha256}");
            var judge = new Lazy<CandidateJudge>(() => new(Bundle.Find(job.Bundle), new OnnxOptions()));
            try
            {
                var making = new FileMaking
                {
                    Conflict = job.Before?.Conflict,
                    Chosen = job.Before?.Candidates is [var best, ..] ? best.Candidate : null,
                };
                return await new SoundMaker(stages.Client, () => judge.Value)
                    .MakeFileAsync(order, stages.Open(clip), files, making, stages.LoadingAhead(progress), cancel);
            }
            finally
            {
                if (judge.IsValueCreated)
                    judge.Value.Dispose();
            }
        });

        // :: Step 3
        Console.WriteLine(job.Json ? made.Sidecar.ToJson() : Summary(job, made));
        return 0;
    }

    static string Summary(SoundJob job, FileMade file)
    {
        var made = string.Create(
            CultureInfo.InvariantCulture,
            $"{job.Files.Output}: {(double)file.Result.Samples / ClipTiming.SampleRate:F3} s of sound, made in "
            + $"{file.Result.Elapsed.TotalSeconds:F1} s with {file.Result.Bundle}");
        var level = file.Levels is { Loudness: { } loudness, TruePeak: { } peak }
            ? FormattableString.Invariant($"; {loudness:F1} LUFS, {peak:F1} dBTP")
            : "";
        var same = job.Before is not { } before ? ""
            : before.Sound.Sha256 == file.Sidecar.Sound.Sha256 && before.Environment?.Sha256 == file.Sidecar.Environment?.Sha256
                ? "; the same samples as before"
                : "; not the same samples as before";
        var chosen = file.Candidates is [{ Scores: { } best } first, ..] all
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"; candidate {first.Candidate + 1} of {all.Count} (score {best.Total:F2}; "
                + $"{string.Join(", ", all.Skip(1).Select(other => other.Scores!.Total.ToString("F2", CultureInfo.InvariantCulture)))})")
            : "";
        return $"{made}{level}{chosen}{same}; how: {job.Files.Sidecar}";
    }
}
