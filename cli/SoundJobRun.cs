using Rewas.Checkpoints;
using Rewas.Cli.Output;
using Rewas.Client;
using Rewas.Faults;
using Rewas.Finish;
using Rewas.Networks;
using Rewas.Networks.Onnx;
using Rewas.Studio;
using Rewas.Video;

namespace Rewas.Cli;

/// <summary>Makes the file of a job, and the sidecar that says how.</summary>
static class SoundJobRun
{
    /// <summary>
    /// :: Step 1: everything that can be known to be wrong before any work. :: Step 2: the stages make the sound; it goes out as it comes, or into a file to be finished.
    /// :: Step 3: what was made, and how.
    /// </summary>
    /// <param name="job">What to make.</param>
    /// <param name="files">What else the command reads and writes.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(SoundJob job, FileRoles files, CancellationToken cancel)
    {
        // :: Step 1
        InputFault.ThrowIfAny([.. job.Finish?.Faults() ?? []]);
        VideoSource.FromFile(job.Video);
        files.Reads(job.Video, "video");
        foreach (var (path, field) in job.Files)
            files.Writes(path, field);
        if (!job.SoundOnly)
        {
            Muxer.ThrowUnlessWritable(job.Output, job.Video);
            Muxer.ThrowUnlessHeld(job.Facts, job.Output);
            if (Muxer.LeftOut(job.Facts, job.Output) is { } leftOut)
                await Console.Error.WriteLineAsync($"warning: output: {leftOut}");
        }
        if (job.WavPath is { } wav)
            OutputPlace.ThrowUnlessRoom(wav, job.SoundOnly ? "output" : "wav", SoundMix.FramesFor(job.Facts.Duration, ClipTiming.SampleRate) * sizeof(float));
        await using var streamed = job.Finish is null ? await SoundOutputs.CreateAsync(job.WavPath, cancel) : null;
        await using var layers = job.Finish is null ? null : new SoundLayers();
        using var sidecarFile = PartialFile.Create(job.SidecarPath, "sidecar");

        // :: Step 2
        var (result, sha256, finish) = await ProgressBars.ShowAsync(job.Json, async progress =>
        {
            await using var stages = await Stages.ConnectAsync(job.Gateway, job.Bundle, cancel, job.Precision, settings: job.LengthSettings);
            if (job.Before is { } before && (await stages.Client.DescribeAsync(cancel))[0] is var loaded && loaded.BundleSha256 != before.BundleSha256)
                throw InputFault.Precondition("bundle", $"must be the one that made it ({before.BundleSha256}), but {loaded.Bundle} has {loaded.BundleSha256}");
            var watched = stages.LoadingAhead(progress);
            return streamed is not null
                ? await StreamAsync(stages.Client, job, streamed, watched, cancel)
                : await FinishAsync(stages.Client, job, layers!, watched, cancel);
        });

        // :: Step 3
        var sidecar = await Sidecar.OfAsync(job, result, sha256, finish, cancel);
        await File.WriteAllTextAsync(sidecarFile.Path, sidecar.ToJson(), cancel);
        sidecarFile.Complete();
        Console.WriteLine(job.Json ? sidecar.ToJson() : Summary(job, result, sha256, finish));
        return 0;
    }

    /// <summary>The muxer takes the sound while it is still being made.</summary>
    static async Task<(GenerateResult Result, string Sha256, FinishMade? Finish)> StreamAsync(
        RewasClient client, SoundJob job, SoundOutputs sound, IProgress<GenerateProgress> progress, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var muxing = job.SoundOnly ? Task.CompletedTask : Muxer.MuxAsync(job.Video, job.Facts, sound.Samples, ClipTiming.SampleRate, job.Output, stop.Token);
        var generating = client.GenerateAsync(SoundMaking.Request(job, (samples, token) => sound.WriteAsync(samples, mux: !job.SoundOnly, token)), progress, stop.Token);
        var result = await TogetherAsync(generating, muxing, sound, stop);
        return (result, await sound.CompleteAsync(), null);
    }

    /// <summary>All of the sound is made, then mixed and finished, then written.</summary>
    static async Task<(GenerateResult Result, string Sha256, FinishMade? Finish)> FinishAsync(
        RewasClient client, SoundJob job, SoundLayers layers, IProgress<GenerateProgress> progress, CancellationToken cancel)
    {
        using var judge = job.Candidates > 1 ? new CandidateJudge(Bundle.Find(job.Bundle), new OnnxOptions()) : null;
        var made = await SoundMaking.MakeAsync(client, job, layers, judge, progress, cancel);
        var options = job.Finish! with { CodecHeadroomDecibels = job.SoundOnly ? 0 : FinishOptions.LossyCodecHeadroom };
        var finished = await SoundFinisher.FinishAsync(made.Mix, job.Video, job.Facts, options, layers.Folder, cancel);
        if (!job.SoundOnly)
            await Muxer.MuxAsync(job.Video, job.Facts, finished.Sound, job.Output, cancel);
        if (job.WavPath is { } wav)
            await SoundExport.WriteAsync(finished.Sound, wav, cancel);
        IEnumerable<(string Name, SoundLayer Sound)> kept = [.. job.Stems ? made.Stems : [], .. made.Candidates.Skip(1).Select((candidate, i) => ($"candidate-{i + 2}", candidate.Sound))];
        foreach (var (name, sound) in kept)
            await SoundFinisher.WriteStemAsync((sound.Sound, sound.Decibels + finished.Report.GainDecibels), job.Facts, job.Finish!, layers.Folder, job.Stem(name), cancel);
        return (made.Result, made.Candidates[0].Sound.Sha256, new(finished.Report, finished.Frames, made.Environment?.Sha256, made.Candidates));
    }

    static string Summary(SoundJob job, GenerateResult result, string sha256, FinishMade? finish)
    {
        var made = FormattableString.Invariant(
            $"{job.Output}: {(double)result.Samples / ClipTiming.SampleRate:F3} s of sound, made in {result.Elapsed.TotalSeconds:F1} s with {result.Bundle}");
        var level = finish is { Report: { Loudness: { } loudness, TruePeak: { } peak } } ? FormattableString.Invariant($"; {loudness:F1} LUFS, {peak:F1} dBTP") : "";
        var same = job.Before is not { } before ? ""
            : before.SoundSha256 == sha256 && before.EnvironmentSha256 == finish?.EnvironmentSha256 ? "; the same samples as before" : "; not the same samples as before";
        var chosen = finish?.Candidates is [{ Scores: { } best } first, ..] all
            ? FormattableString.Invariant($"; candidate {first.Candidate + 1} of {all.Count} (score {best.Total:F2}; {string.Join(", ", all.Skip(1).Select(other => other.Scores!.Total.ToString("F2", System.Globalization.CultureInfo.InvariantCulture)))})")
            : "";
        return $"{made}{level}{chosen}{same}; how: {job.SidecarPath}";
    }

    /// <summary>Both must end well. When one fails the other is stopped, and the failure that came first is the one that is told.</summary>
    static async Task<GenerateResult> TogetherAsync(Task<GenerateResult> generating, Task muxing, SoundOutputs sound, CancellationTokenSource stop)
    {
        var first = await Task.WhenAny(generating, muxing);
        if (first == muxing && muxing.IsFaulted)
            await stop.CancelAsync();
        else
        {
            await ((Task)generating).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            sound.End(generating.IsCompletedSuccessfully ? null : new OperationCanceledException("no more sound comes"));
            if (!generating.IsCompletedSuccessfully)
                await stop.CancelAsync();
            first = generating;
        }
        await Task.WhenAll(generating, muxing).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await first;
        await muxing;
        return await generating;
    }
}
