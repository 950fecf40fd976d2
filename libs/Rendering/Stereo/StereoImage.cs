using System.Globalization;
using System.Runtime.CompilerServices;
using Rewas.Clip.Names;
using Rewas.Rendering.Finishing;
using Rewas.Sound.Stereo;
using Rewas.V1;
using Rewas.Video;

namespace Rewas.Rendering.Stereo;

/// <summary>
/// Gives the layers of a sound their width and their place, before they are mixed, so that stems still add up to the mix. Sound in mono is
/// made wide first. Then left and right get the gains of the place: on a wide sound and on recordings in stereo that is a balance, which
/// changes no correlation.
/// </summary>
/// <param name="width">0 to 1.</param>
/// <param name="pan">Null: in the centre.</param>
/// <param name="folder">For the layers made here; the caller deletes it.</param>
sealed class StereoImage(double width, PanCurve? pan, string folder)
{
    readonly Dictionary<string, RawSound> made = [];

    /// <summary>The image that a finish asks for.</summary>
    /// <param name="video">The file that the facts describe. Read only if the place follows the picture.</param>
    /// <param name="finish">Checked before.</param>
    public static async Task<StereoImage> OfAsync(
        string video, VideoFacts facts, StudioFinish finish, string folder, CancellationToken cancellation) => new(
            finish.Width,
            finish.Pan switch
            {
                "" => null,
                PanNames.Picture => PanCurve.Of(await MotionPlaces.ReadAsync(video, facts, cancellation)),
                var place => PanCurve.Fixed(double.Parse(place, NumberStyles.Float, CultureInfo.InvariantCulture)),
            },
            folder);

    /// <summary>A layer with its width and its place. It is the same file if nothing is to be done.</summary>
    /// <param name="isPlaced">False for what surrounds the picture: it stays in the centre.</param>
    public async Task<RawSound> OfAsync(RawSound layer, bool isPlaced, CancellationToken cancellation)
    {
        var curve = isPlaced ? pan : null;
        if (curve is null && (width == 0 || layer.Channels > 1))
            return layer;
        if (made.TryGetValue(layer.Path, out var before))
            return before;
        var result = new SampleFile(
            Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(layer.Path)}-stereo.f32"), layer.SampleRate, Channels: 2);
        var first = 0L;
        await using (var writer = result.Create())
            await foreach (var stereo in InStereoAsync(new(layer.Path, layer.SampleRate, layer.Channels), cancellation))
            {
                if (curve is not null)
                    Place(stereo.Span, curve, first, layer.SampleRate);
                first += stereo.Length / 2;
                await writer.WriteAsync(stereo, cancellation);
            }
        return made[layer.Path] = new(result.Path, layer.SampleRate, Channels: 2);
    }

    /// <summary>The sound in two channels, as long as it was. Each part is valid until the next one is requested.</summary>
    async IAsyncEnumerable<Memory<float>> InStereoAsync(SampleFile sound, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var wide = new StereoWidth(sound.SampleRate, width);
        var early = 2 * wide.DelayFrames;                                    // silence that comes before the first frame
        await foreach (var part in sound.ReadAsync(cancellation))
            yield return sound.Channels > 1 ? part : Widened(part.Span);
        if (sound.Channels == 1)
            yield return Widened(new float[wide.DelayFrames]);

        Memory<float> Widened(ReadOnlySpan<float> mono)
        {
            var stereo = new float[2 * mono.Length];
            wide.Process(mono, stereo);
            var dropped = Math.Min(early, stereo.Length);
            early -= dropped;
            return stereo.AsMemory(dropped);
        }
    }

    /// <param name="stereo">Left and right in turns.</param>
    /// <param name="first">Frames before them.</param>
    static void Place(Span<float> stereo, PanCurve curve, long first, int sampleRate)
    {
        for (var i = 0; i < stereo.Length; i += 2)
        {
            var (left, right) = PanLaw.Gains(curve.PlaceAt((first + i / 2) / (double)sampleRate));
            (stereo[i], stereo[i + 1]) = (left * stereo[i], right * stereo[i + 1]);
        }
    }
}
