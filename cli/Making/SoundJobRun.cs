using System.Globalization;
using Rewas.Bundles;
using Rewas.Cli.Output;
using Rewas.Cli.Serving;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Cli.Library;
using Rewas.Protocol.Orders;
using Rewas.Rendering;
using Rewas.Rendering.Delivery;
using Rewas.Rendering.Guards;
using Rewas.Rendering.References;
using Rewas.Text.Words;
using Rewas.Video;

namespace Rewas.Cli.Making;

/// <summary>Makes the file of a job, and its sidecar.</summary>
static class SoundJobRun
{
    /// <summary>Most recordings that are named on the terminal. The sidecar names all.</summary>
    const int MostNamed = 6;

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
        {
            roles.Writes(path, field);
            DeliveryFormat.Of(order, path);
        }
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
            // Placed recordings under a known curve need no stage, so nothing is loaded for them.
            await using var stages = SoundMaker.NeedsNoStage(order, clip)
                ? null
                : await Stages.ConnectAsync(job.Gateway, job.Bundle, cancel, job.Precision, settings: job.LengthSettings);
            if (stages is not null && job.Before is { BundleSha256.Length: > 0 } before
                && (await stages.Client.DescribeAsync(cancel))[0] is var loaded
                && loaded.BundleSha256 != before.BundleSha256)
                throw InputFault.Precondition(
                    "bundle", $"must be the one that made the file ({before.BundleSha256}), but {loaded.Bundle} has {loaded.BundleSha256}");
            // Stages that are hosted here have checked the bundle's files.
            var judge = new Lazy<CandidateJudge>(
                () => new(Bundle.Find(job.Bundle, verify: stages is null || job.Gateway is not null), new() { SharedArena = true }));
            try
            {
                var making = new FileMaking
                {
                    Conflict = job.Before?.Conflict,
                    Words = job.Before?.Words,
                    Chosen = job.Before?.Candidates is [var best, ..] ? best.Candidate : null,
                    References = job.Before?.References,
                };
                using var library = new OwnLibraryOnce(job.Bundle);
                // The networks that sample are not loaded ahead if probably nothing is sampled.
                var ahead = stages is null || SoundMaker.MayBePlacedAlone(order) ? progress : stages.LoadingAhead(progress, TextsOf(order));
                return await new SoundMaker(stages?.Client, () => judge.Value, ReferenceFiles.OfUser with { Library = () => library.Index })
                {
                    Guard = () => GuardOf(job, judge),
                }
                    .MakeFileAsync(order, stages?.Open(clip) ?? clip, files, making, ahead, cancel);
            }
            finally
            {
                if (judge.IsValueCreated)
                    judge.Value.Dispose();
            }
        });

        // :: Step 3
        foreach (var line in made.Sidecar.Guard?.Lines() ?? [])
            await Console.Error.WriteLineAsync($"{(made.Sidecar.Guard!.Slipped ? "warning" : "note")}: guard: {line}");
        if (made.Sidecar.Guard is null && made.Sidecar.Sampler is not null && (order.Options.NoSpeech || order.Options.NoMusic))
            await Console.Error.WriteLineAsync(
                $"warning: guard: bundle '{job.Bundle}' has no network here that hears voices and music, so nobody listened; "
                + "`rewas models import --panns FILE` adds one");
        if (made.Sidecar.Sound.Clipped is { } clipped)
            await Console.Error.WriteLineAsync(
                $"warning: output: {clipped} samples are beyond full scale and were clipped; --volume or an edit of the curve lowers them");
        Console.WriteLine(job.Json ? made.Sidecar.ToJson() : Summary(job, made));
        return 0;
    }

    /// <summary>What the denoiser is asked for.</summary>
    static IReadOnlyList<string> TextsOf(V1.SoundOrder order)
    {
        var read = OrderWords.Understood(order).Order;
        string?[] texts = [read.Options.Prompt, read.Options.NegativePrompt, read.Environment?.Prompt];
        return [.. texts.OfType<string>().Where(text => text.Length > 0)];
    }

    /// <summary>The guard of the bundle; null if the stages run elsewhere, and the bundle is only there.</summary>
    static SoundGuard? GuardOf(SoundJob job, Lazy<CandidateJudge> judge)
    {
        try
        {
            return judge.Value.Guard;
        }
        catch (InputFault fault) when (fault.Kind == FaultKind.NotFound && job.Gateway is not null)
        {
            return null;
        }
    }

    /// <summary>The bundle and the recordings that the sound was made with.</summary>
    static string Means(FileMade file)
    {
        var bundle = file.Sidecar.Sampler is null ? "" : $"with {file.Result.Bundle}";
        if (file.Sidecar.References is not { } references)
            return bundle;
        var used = references.Candidates.SelectMany(candidate => candidate.Pieces).Select(piece => piece.Recording).Distinct().Order()
            .Select(recording => references.Recordings[recording]).ToList();
        var named = string.Join(", ", used.Take(MostNamed).Select(recording => recording.FromLibrary ? recording.File : recording.Name));
        var where = used.Any(recording => recording.FromLibrary) ? " of your library" : "";
        var count = used.Count == 1 ? "1 recording" : $"{used.Count} recordings";
        var rest = used.Count > MostNamed ? ", ..." : "";
        return $"{bundle}{(bundle.Length > 0 ? " " : "")}from {count}{where}: {named}{rest}";
    }

    static string Summary(SoundJob job, FileMade file)
    {
        var made = string.Create(
            CultureInfo.InvariantCulture,
            $"{job.Files.Output}: {(double)file.Result.Samples / ClipTiming.SampleRate:F3} s of sound, made in "
            + $"{file.Result.Elapsed.TotalSeconds:F1} s {Means(file)}");
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
