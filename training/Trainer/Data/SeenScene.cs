using Rewas.Networks;
using Rewas.Scenes;

namespace Rewas.Trainer.Data;

/// <summary>A scene as the platform sees its video: rendered larger, scaled down, cropped. Rendered at the network's own size it would be noisier than any file is.</summary>
static class SeenScene
{
    const int Finer = 2;

    /// <summary>The picture of one window: [128, N, N, 3] RGB u8.</summary>
    /// <param name="scene">To render.</param>
    /// <param name="timing">Sizes.</param>
    public static byte[] Render(Scene scene, ClipTiming timing)
    {
        var (size, cut) = (timing.FrameSize, (timing.ResizeShorterSide - timing.FrameSize) / 2);
        var film = scene.OpenFilm(Finer * timing.ResizeShorterSide, Finer * timing.ResizeShorterSide);
        var (large, length) = (new byte[film.FrameBytes], size * size * 3);
        var frames = new byte[ClipTiming.FramesPerWindow * length];
        for (var i = 0; i < ClipTiming.FramesPerWindow; i++)
        {
            film.Render((double)i / ClipTiming.FrameRate, large);
            Shrink(large, film.Width, cut, frames.AsSpan(i * length, length), size);
        }
        return frames;
    }

    /// <summary>Means of squares of <see cref="Finer"/> pixels, from so many squares off the corner on.</summary>
    static void Shrink(ReadOnlySpan<byte> large, int width, int cut, Span<byte> small, int size)
    {
        const int Pixels = Finer * Finer;
        for (var at = 0; at < small.Length; at++)
        {
            var (x, y, colour) = (at / 3 % size + cut, at / 3 / size + cut, at % 3);
            var sum = Pixels / 2;
            for (var pixel = 0; pixel < Pixels; pixel++)
                sum += large[3 * ((Finer * y + pixel / Finer) * width + Finer * x + pixel % Finer) + colour];
            small[at] = (byte)(sum / Pixels);
        }
    }
}
