using torch = TorchSharp.torch;

namespace Rewas.Trainer.Data;

/// <summary>
/// Changes the look of a clip but not what happens in it: frame rate, mirroring, exchanged or inverted colours, grey, contrast, a closer
/// crop of what moves, a hand-held camera, a cut, clutter. A network that sees these variations learns motion and not the look of our
/// renderings.
/// </summary>
static class Appearance
{
    const double NarrowestCrop = 0.35, DensestClutter = 0.5;

    /// <summary>Gives one clip a new look, the same for all its frames.</summary>
    /// <param name="frames">[..., 3, frames, H, W] in [-1, 1]: the segments of one clip, [S, 3, 16, H, W].</param>
    public static torch.Tensor Vary(torch.Tensor frames, Random random)
    {
        if (random.NextDouble() < 0.4)
            frames = AtFrameRate(frames, random);
        if (random.NextDouble() < 0.5)
            frames = frames.flip(4);
        if (random.NextDouble() < 0.45)
            frames = Crop(frames, random);
        if (random.NextDouble() < 0.35)
            frames = Shake(frames, random);
        if (random.NextDouble() < 0.1)
            frames = Cut(frames, random);
        var colours = new long[] { 0, 1, 2 };
        random.Shuffle(colours);
        frames = frames.index_select(1, torch.tensor(colours));
        if (random.NextDouble() < 0.2)
            frames = frames.mean([1], keepdim: true).expand_as(frames);
        var gain = Math.Exp(random.NextDouble() * 1.2 - 0.9) * (random.NextDouble() < 0.3 ? -1 : 1);
        var offset = (random.NextDouble() - 0.5) * 0.4;
        frames = frames.mul(gain).add_(offset);
        if (random.NextDouble() < 0.5)
        {
            var share = random.NextDouble() * DensestClutter;
            frames = frames.mul_(1 - share).add_(Clutter(frames.shape[3], frames.shape[4], random).mul_(share));
        }
        return frames.clamp_(-1, 1);
    }

    /// <summary>
    /// A still picture of patches with hard edges at several sizes, as busy as filmed places are: [3, 1, H, W] in [-1, 1].
    /// </summary>
    static torch.Tensor Clutter(long height, long width, Random random)
    {
        using var generator = new torch.Generator((ulong)random.NextInt64(), torch.CPU);
        var picture = torch.zeros(3, 1, height, width);
        foreach (var cells in (long[])[3, 6, 12, 24])
        {
            var colours = torch.rand(3, 1, cells, cells, generator: generator) * 2 - 1;
            var places = torch.randn(1, 1, cells, cells, generator: generator);
            var covered = torch.nn.functional.interpolate(
                places, [height, width], mode: torch.InterpolationMode.Bilinear, align_corners: false).gt(0.3);
            picture = torch.where(
                covered, torch.nn.functional.interpolate(colours, [height, width], mode: torch.InterpolationMode.Nearest), picture);
        }
        return picture;
    }

    /// <summary>A hand-held camera: the picture drifts a little with each frame and is pulled back.</summary>
    static torch.Tensor Shake(torch.Tensor frames, Random random)
    {
        const double Pull = 0.9, Smallest = 0.001, Largest = 0.02;             // steps in halves of the picture
        var shape = frames.shape;                                              // [S, 3, 16, H, W]
        var (count, step) = (shape[0] * shape[2], Smallest * Math.Pow(Largest / Smallest, random.NextDouble()));
        var (x, y) = (0.0, 0.0);
        var places = new float[count * 6];                                     // a 2x3 matrix for each frame
        for (var frame = 0; frame < count; frame++)
        {
            (x, y) = (Pull * x + step * (2 * random.NextDouble() - 1), Pull * y + step * (2 * random.NextDouble() - 1));
            (places[frame * 6], places[frame * 6 + 2], places[frame * 6 + 4], places[frame * 6 + 5]) = (1, (float)x, 1, (float)y);
        }
        var pictures = frames.transpose(1, 2).reshape(count, shape[1], shape[3], shape[4]);
        var grid = torch.nn.functional.affine_grid(
            torch.tensor(places, [count, 2, 3]), [count, shape[1], shape[3], shape[4]], align_corners: false);
        return torch.nn.functional.grid_sample(
            pictures, grid, torch.GridSampleMode.Bilinear, torch.GridSamplePaddingMode.Border, align_corners: false)
            .reshape(shape[0], shape[2], shape[1], shape[3], shape[4]).transpose(1, 2);
    }

    /// <summary>A crop around most of the motion. In filmed close-ups, the source of the sound fills the picture.</summary>
    static torch.Tensor Crop(torch.Tensor frames, Random random)
    {
        var shape = frames.shape;                                              // [S, 3, 16, H, W]
        var side = (long)(shape[3] * (NarrowestCrop + random.NextDouble() * (1 - NarrowestCrop)));
        // [H, W]
        var activity = (frames.narrow(2, 1, shape[2] - 1) - frames.narrow(2, 0, shape[2] - 1)).square().mean([0, 1, 2]).add(1e-6);
        var (top, left) = (Near(activity.mean([1])), Near(activity.mean([0])));
        var cropped = frames.narrow(3, top, side).narrow(4, left, side).reshape(-1, 1, side, side);
        return torch.nn.functional.interpolate(cropped, [shape[3], shape[4]], mode: torch.InterpolationMode.Bilinear, align_corners: false)
            .reshape(shape);

        long Near(torch.Tensor along)
        {
            var places = torch.arange(along.shape[0]).to_type(torch.ScalarType.Float32);
            var middle = ((along * places).sum() / along.sum()).item<float>() + (random.NextDouble() - 0.5) * side * 0.6;
            return Math.Clamp((long)(middle - side / 2.0), 0, along.shape[0] - side);
        }
    }

    /// <summary>Imitates a film of fewer frames per second shown at 25: some frames stay longer.</summary>
    static torch.Tensor AtFrameRate(torch.Tensor frames, Random random)
    {
        const double Slowest = 8, Shown = 25;
        var shape = frames.shape;
        var (rate, phase) = (Slowest + random.NextDouble() * (Shown - Slowest), random.NextDouble());
        var count = shape[0] * shape[2];
        var shown = Enumerable.Range(0, (int)count)
            .Select(i => Math.Clamp((long)((Math.Floor(i * rate / Shown + phase) - phase) * Shown / rate), 0, count - 1))
            .ToArray();
        return frames.transpose(1, 2).reshape(count, shape[1], shape[3], shape[4]).index_select(0, torch.tensor(shown))
            .reshape(shape[0], shape[2], shape[1], shape[3], shape[4]).transpose(1, 2);
    }

    /// <summary>From some moment on the camera is elsewhere. Everything changes at once, and nothing of it is heard.</summary>
    static torch.Tensor Cut(torch.Tensor frames, Random random)
    {
        var shape = frames.shape;
        var count = shape[0] * shape[2];
        var at = 1 + random.NextInt64(count - 1);
        var pictures = frames.transpose(1, 2).reshape(count, shape[1], shape[3], shape[4]);
        var elsewhere = pictures.narrow(0, at, count - at)
            .flip(3)
            .roll([random.NextInt64(shape[3]), random.NextInt64(shape[4])], [2, 3])
            .mul(0.4 + 0.6 * random.NextDouble());
        return torch.cat([pictures.narrow(0, 0, at), elsewhere]).reshape(shape[0], shape[2], shape[1], shape[3], shape[4]).transpose(1, 2);
    }
}
