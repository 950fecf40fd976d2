using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using Rewas.Client;
using Rewas.Clip;
using Rewas.Clip.Files;
using Rewas.Rendering.Delivery;
using Rewas.Rendering.Guards;
using Rewas.Sound;
using Rewas.Sound.Wav;
using Rewas.Video;

namespace Rewas.Rendering;

/// <summary>
/// Writes a sound while it is made: to the muxer, and to a WAV file if requested. Files appear only when the sound is complete.
/// </summary>
sealed class StreamedSound : IAsyncDisposable
{
    /// <summary>Chunks that wait for the muxer. If the muxer is slow, the vocoder waits.</summary>
    const int ChunksInFlight = 8;

    const int PartBytes = 1 << 16;

    readonly Channel<ReadOnlyMemory<float>> toMuxer = Channel.CreateBounded<ReadOnlyMemory<float>>(ChunksInFlight);
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly PartialFile? wavFile;
    readonly FileStream? wavStream;
    readonly WavWriter? wav;

    readonly string? wavPath;
    readonly TriangularDither? dither;

    StreamedSound(string? wavPath, PartialFile? wavFile, FileStream? wavStream, WavWriter? wav, TriangularDither? dither) =>
        (this.wavPath, this.wavFile, this.wavStream, this.wav, this.dither) = (wavPath, wavFile, wavStream, wav, dither);

    /// <summary>Makes a sound and its files. The muxer runs beside the stages.</summary>
    /// <param name="request">The request. Its sinks are replaced here.</param>
    /// <param name="files">The files to write.</param>
    /// <param name="delivery">The form of the WAV file.</param>
    /// <param name="kept">Also gets the samples, unless null.</param>
    /// <param name="guard">Hears the samples on their way, unless null.</param>
    /// <param name="isRefused">Whether files must not appear because of what was heard.</param>
    /// <returns>The result; the SHA-256 of the samples, or null if the sound was refused and no file was written; what was heard.</returns>
    public static async Task<(GenerateResult Result, string? Sha256, GuardReport? Heard)> MakeAsync(
        RewasClient client,
        GenerateRequest request,
        VideoClip clip,
        SoundFiles files,
        DeliveryFormat delivery,
        SoundLayer? kept,
        GuardListener? guard,
        Func<GuardReport, bool> isRefused,
        IProgress<GenerateProgress>? progress,
        CancellationToken cancellation)
    {
        GuardReport? heard = null;
        try
        {
            var (result, sha256) = await WriteAsync(MakeAndHearAsync, clip, files, delivery, kept, cancellation);
            return (result, sha256, heard);
        }
        catch (RefusedSoundException refused)
        {
            if (kept is not null)
                await kept.CompleteAsync();
            return (refused.Result, null, heard);
        }

        async Task<GenerateResult> MakeAndHearAsync(WaveSink sink, CancellationToken stop)
        {
            var result = await client.GenerateAsync(request with { Sink = HearAsync }, progress, stop);
            heard = guard?.End(stop);
            return heard is not null && isRefused(heard) ? throw new RefusedSoundException(result) : result;

            async ValueTask HearAsync(ReadOnlyMemory<float> samples, CancellationToken token)
            {
                guard?.Add(samples.Span, token);
                await sink(samples, token);
            }
        }
    }

    /// <summary>Writes the files of a sound that was kept.</summary>
    public static async Task<string> ReplayAsync(
        SoundLayer kept, GenerateResult result, VideoClip clip, SoundFiles files, DeliveryFormat delivery, CancellationToken cancellation)
    {
        return (await WriteAsync(ReadAsync, clip, files, delivery, kept: null, cancellation)).Sha256;

        async Task<GenerateResult> ReadAsync(WaveSink sink, CancellationToken stop)
        {
            await using var file = File.OpenRead(kept.Sound.Path);
            var part = new byte[PartBytes];
            for (int read; (read = await file.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, stop)) > 0;)
                await sink(MemoryMarshal.Cast<byte, float>(part.AsSpan(0, read)).ToArray(), stop);
            return result;
        }
    }

    /// <summary>Writes a sound while it is made.</summary>
    static async Task<(GenerateResult Result, string Sha256)> WriteAsync(
        Func<WaveSink, CancellationToken, Task<GenerateResult>> make, VideoClip clip, SoundFiles files, DeliveryFormat delivery,
        SoundLayer? kept, CancellationToken cancellation)
    {
        await using var sound = await CreateAsync(files.WavPath, delivery, cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var muxing = files.SoundOnly ? Task.CompletedTask
            : Muxer.MuxAsync(clip.Path, clip.Facts, sound.Samples, ClipTiming.SampleRate, files.Output, stop.Token);
        var generating = make(WriteAsync, stop.Token);
        var result = await TogetherAsync(generating, muxing, sound, stop);
        if (kept is not null)
            await kept.CompleteAsync();
        return (result, await sound.CompleteAsync());

        async ValueTask WriteAsync(ReadOnlyMemory<float> samples, CancellationToken token)
        {
            if (kept is not null)
                await kept.WriteAsync(samples, token);
            await sound.WriteAsync(samples, mux: !files.SoundOnly, token);
        }
    }

    /// <summary>Waits for both. If one fails, the other is stopped, and the first failure is reported.</summary>
    static async Task<GenerateResult> TogetherAsync(Task<GenerateResult> generating, Task muxing, StreamedSound sound,
        CancellationTokenSource stop)
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
        await ((Task)Task.WhenAll(generating, muxing)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
        await muxing;
        return await generating;
    }

    static async Task<StreamedSound> CreateAsync(string? wavPath, DeliveryFormat delivery, CancellationToken cancel)
    {
        if (wavPath is null)
            return new(null, null, null, null, null);
        var file = PartialFile.Create(wavPath, "wav");
        var stream = File.Create(file.Path);
        return new(
            wavPath, file, stream,
            await WavWriter.CreateAsync(stream, ClipTiming.SampleRate, delivery.EncodingOf(is24Bit: false), cancellationToken: cancel),
            delivery.DitherBits(is24Bit: false) is { } bits ? new(bits, delivery.Seed) : null);
    }

    /// <summary>The samples for the muxer.</summary>
    IAsyncEnumerable<ReadOnlyMemory<float>> Samples => toMuxer.Reader.ReadAllAsync();

    /// <summary>Writes the next samples.</summary>
    /// <param name="samples">Mono, 16 kHz. The memory is still used after the call has returned.</param>
    /// <param name="mux">True if <see cref="Samples"/> is read.</param>
    /// <param name="cancel">Ends the wait.</param>
    async ValueTask WriteAsync(ReadOnlyMemory<float> samples, bool mux, CancellationToken cancel)
    {
        hash.AppendData(MemoryMarshal.AsBytes(samples.Span));
        try
        {
            if (wav is not null)
                await wav.WriteAsync(Dithered(samples), cancel);
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Writing("wav", wavPath!, failure);
        }
        if (mux)
            await toMuxer.Writer.WriteAsync(samples.ToArray(), cancel);
    }

    ReadOnlyMemory<float> Dithered(ReadOnlyMemory<float> samples)
    {
        if (dither is null)
            return samples;
        var rounded = samples.ToArray();
        dither.Apply(rounded);
        return rounded;
    }

    /// <summary>Tells the muxer that the sound has ended, or why it failed.</summary>
    void End(Exception? why = null) => toMuxer.Writer.TryComplete(why);

    /// <summary>Completes the WAV file.</summary>
    /// <returns>SHA-256 of all samples, float32 little-endian.</returns>
    async Task<string> CompleteAsync()
    {
        if (wav is not null)
        {
            await wav.DisposeAsync();
            await wavStream!.DisposeAsync();
            wavFile!.Complete();
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public async ValueTask DisposeAsync()
    {
        using (hash)
        using (wavFile)
        {
            try
            {
                if (wavStream is not null)
                    await wavStream.DisposeAsync();
            }
            catch (IOException)
            {
                // The flush fails for the same reason as the write before, such as a full disk. That failure is already reported.
            }
        }
    }
}

/// <summary>A sound whose files must not appear, because of what was heard in it.</summary>
sealed class RefusedSoundException(GenerateResult result) : Exception("something unwanted is heard")
{
    public GenerateResult Result => result;
}
