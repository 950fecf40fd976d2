using Rewas.Clip.Files;
using Rewas.Protocol.Orders;
using Rewas.Rendering.Delivery;
using Rewas.Rendering.Finishing;
using Rewas.Rendering.Stereo;
using Rewas.Rendering.Timelines;
using Rewas.Sound.Curves;
using Rewas.V1;
using Rewas.Video;

namespace Rewas.Rendering;

/// <summary>Writes the files of a made sound: the film or sound file, stems, other candidates, timeline and sidecar.</summary>
static class SoundFileWriter
{
    /// <summary>Mixes, finishes and writes a sound, with the requested files beside it.</summary>
    public static async Task<FileMade> WriteAsync(
        SoundOrder order, VideoClip clip, MadeSound sound, SoundFiles files, FileMaking making, string folder,
        CancellationToken cancellation)
    {
        if (sound.IsPlacedAlone && sound.Environment is null && (order.Finish is null || order.Finish.Equals(new StudioFinish())))
            return await WithTimelineAsync(await WriteAsMadeAsync(order, clip, sound, files, making, folder, cancellation));
        var finish = FinishOf(order, sound);
        OrderCheck.ThrowIfWrong(finish);
        var image = await StereoImage.OfAsync(clip.Path, clip.Facts, finish, folder, cancellation);
        var mix = new List<(RawSound, double)>();
        foreach (var (_, layer) in sound.Stems)
            mix.Add(await ImagedAsync(layer));
        var finished = await SoundFinisher.FinishAsync(
            mix, clip.Path, clip.Facts, finish, folder, files.SoundOnly ? 0 : SoundFinisher.LossyCodecHeadroom, cancellation);
        var notes = NotesOf(order, clip, sound, making) with { Levels = finished.Report };
        if (files.Layer.Length > 0)
            await LayerAsync(files.Layer, sound.Stems.First(stem => stem.Name == files.Layer).Sound, files.Output);
        else
        {
            if (!files.SoundOnly)
                await Muxer.MuxAsync(clip.Path, clip.Facts, finished.Sound, files.Output, cancellation);
            if (files.WavPath is { } wav)
                await DeliveredSound.WriteAsync(finished.Sound, DeliveryFormat.Of(order, wav), notes, wav, cancellation);
        }
        if (files.Stems)
        {
            var stems = new List<Stem>();
            foreach (var (name, layer) in sound.Stems)
                stems.Add(await StemAsync(name, layer));
            await StemFiles.WriteAsync(stems, files, notes, folder, DeliverAsync, cancellation);
        }
        for (var rank = 2; files.OtherCandidates && rank <= sound.Candidates.Count; rank++)
            await LayerAsync($"candidate-{rank}", sound.Candidates[rank - 1].Sound, files.Candidate(rank));
        var asked = new SoundOrder(order) { Finish = OrderDefaults.Filled(finish) };
        return await WithTimelineAsync(
            await DescribeAsync(asked, clip, files, making, sound, sound.Candidates[0].Sound.Sha256, finished));

        async Task<FileMade> WithTimelineAsync(FileMade made)
        {
            if (files.Timeline is { } path)
                await TimelineFormats.WriteAsync(
                    TimelineOf(order, clip, sound, files, made.Sidecar), path, files.TimelineByName, cancellation);
            return made;
        }

        async Task<(RawSound Sound, double Decibels)> ImagedAsync(SoundLayer layer) =>
            (await image.OfAsync(layer.Sound, isPlaced: layer != sound.Environment, cancellation), layer.Decibels);

        async Task<Stem> StemAsync(string name, SoundLayer layer)
        {
            var (imaged, decibels) = await ImagedAsync(layer);
            var gained = (imaged, decibels + finished.Report.GainDecibels);
            return new(name, await SoundFinisher.StemAsync(gained, clip.Facts, finish, folder, cancellation), layer.Sha256);
        }

        async Task LayerAsync(string name, SoundLayer layer, string path)
        {
            var stem = await StemAsync(name, layer);
            await DeliverAsync(stem.Sound, notes with { Track = name, Levels = null, Sha256 = stem.Sha256 }, path);
            File.Delete(stem.Sound.Path);
        }

        Task DeliverAsync(RawSound delivered, SoundNotes said, string path) =>
            DeliveredSound.WriteAsync(delivered, DeliveryFormat.Of(order, path), said, path, cancellation);
    }

    static Timeline TimelineOf(SoundOrder order, VideoClip clip, MadeSound sound, SoundFiles files, Sidecar sidecar)
    {
        var rate = sidecar.Finish is null
            ? sound.Candidates[0].Sound.Sound.SampleRate
            : OrderDefaults.Filled(FinishOf(order, sound)).SampleRate;
        var start = order.Delivery is { Broadcast: true } ? clip.Facts.Timecode?.SampleAt(rate) ?? 0 : 0;
        return SoundTimeline.Of(
            Path.GetFileNameWithoutExtension(files.Name), clip,
            [.. sound.Stems.Select(stem => new TimelineStem(
                stem.Name, files.Stem(stem.Name), rate, SoundMix.FramesFor(clip.Facts.Duration, rate), start))],
            order.Finish?.Original ?? OriginalSoundChoice.Replace, sidecar);
    }

    /// <summary>What a broadcast file of the mix says.</summary>
    static SoundNotes NotesOf(SoundOrder order, VideoClip clip, MadeSound sound, FileMaking making) => new(SoundNotes.Mix)
    {
        Prompt = order.Options.Prompt,
        Video = Path.GetFileName(clip.MadeOf ?? clip.Name),
        Rate = clip.Facts.Rate,
        Timecode = clip.Facts.Timecode,
        MadeAt = making.MadeAt,
        Sha256 = sound.Candidates[0].Sound.Sha256,
        MadeBy = $"{SoundNotes.Originator} {sound.Result.Bundle}".TrimEnd(),
    };

    /// <summary>The finish of an order. Placed recordings keep their own rate and channels, unless the order says otherwise.</summary>
    static StudioFinish FinishOf(SoundOrder order, MadeSound sound)
    {
        var finish = order.Finish?.Clone() ?? new();
        if (!sound.IsPlacedAlone)
            return finish;
        var (_, sampleRate, channels) = sound.Candidates[0].Sound.Sound;
        if (finish.SampleRate == 0 && OrderTable.Find("sample-rate")!.Choices.Contains(FormattableString.Invariant($"{sampleRate}")))
            finish.SampleRate = sampleRate;
        if (finish.Channels == 0 && !StereoCheck.IsWideOrPlaced(finish))
            finish.Channels = channels;
        return finish;
    }

    /// <summary>Writes placed recordings as they are: no gain, no mix, no limiter.</summary>
    static async Task<FileMade> WriteAsMadeAsync(
        SoundOrder order, VideoClip clip, MadeSound sound, SoundFiles files, FileMaking making, string folder,
        CancellationToken cancellation)
    {
        var notes = NotesOf(order, clip, sound, making);
        var best = sound.Candidates[0].Sound;
        if (!files.SoundOnly && files.Layer.Length == 0)
            await Muxer.MuxAsync(clip.Path, clip.Facts, best.Sound, files.Output, cancellation);
        if (files.Layer.Length > 0 || files.WavPath is not null)
            await LayerAsync(files.Layer.Length > 0 ? files.Layer : SoundNotes.Mix, best, files.WavPath ?? files.Output);
        if (files.Stems)
            await StemFiles.WriteAsync(
                [new(sound.Stems[0].Name, best.Sound, best.Sha256)], files, notes, folder, DeliverAsync, cancellation);
        for (var rank = 2; files.OtherCandidates && rank <= sound.Candidates.Count; rank++)
            await LayerAsync($"candidate-{rank}", sound.Candidates[rank - 1].Sound, files.Candidate(rank));
        return await DescribeAsync(order, clip, files, making, sound, best.Sha256, finish: null);

        Task LayerAsync(string track, SoundLayer layer, string path) =>
            DeliverAsync(layer.Sound, notes with { Track = track, Sha256 = layer.Sha256 }, path);

        Task DeliverAsync(RawSound delivered, SoundNotes said, string path) =>
            DeliveredSound.WriteAsync(delivered, DeliveryFormat.Of(order, path), said, path, cancellation);
    }

    /// <summary>What the sidecar says. Not cancelled, as the writing of it is not.</summary>
    public static async Task<FileMade> DescribeAsync(
        SoundOrder order, VideoClip clip, SoundFiles files, FileMaking making, MadeSound sound, string sha256, FinishedSound? finish)
    {
        var (result, candidates) = (sound.Result, sound.Candidates);
        var asked = sound.Guard is { IsFresh: true } fresh ? OfSeed(order, fresh.Tries[fresh.Chosen].Seed) : order;
        var sidecar = Sidecar.Of(asked, clip, await clip.Sha256Async(CancellationToken.None), result, sha256) with
        {
            Output = files.Name,
            References = sound.References,
            Layer = files.Layer.Length > 0 ? files.Layer : null,
            EnergyEdits = [.. order.Edits.ToEdits().Select(edit => edit.ToString())],
            Finish = finish is null ? null : new(finish.Report, finish.Frames),
            Candidates = candidates.Count > 1
                ? [.. candidates.Select((candidate, i) => new CandidateMade(
                    candidate.Candidate, candidate.Scores!, candidate.Sound.Sha256,
                    i > 0 && files.OtherCandidates ? files.Candidate(i + 1) : null))]
                : null,
            Environment = order.Environment is { } layer
                ? new(layer.Prompt, (long)layer.Seed, layer.Decibels, sound.Environment!.Sha256)
                : null,
            Conflict = making.Conflict,
            Guard = sound.Guard,
            Words = making.Words,
        };
        if (candidates.Count > 0 && sound.IsPlacedAlone)
            sidecar = sidecar with { Sound = candidates[0].Sound.Describe(sha256) };
        return new(sidecar, result, finish?.Report, candidates);
    }

    /// <summary>The order of a sound that was made with a fresh seed, alone.</summary>
    static SoundOrder OfSeed(SoundOrder order, ulong seed)
    {
        var asked = order.Clone();
        (asked.Options.Seed, asked.Options.Candidates) = (seed, 0);
        return asked;
    }

    /// <summary>
    /// Writes the sidecar. The sound's file is there already, and a stop would leave it without its sidecar, so this is not cancelled.
    /// </summary>
    public static async Task WriteSidecarAsync(PartialFile file, Sidecar sidecar)
    {
        await File.WriteAllTextAsync(file.Path, sidecar.ToJson(), CancellationToken.None);
        file.Complete();
    }
}
