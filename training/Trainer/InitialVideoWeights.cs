namespace Rewas.Trainer;

/// <summary>Where a video encoder and energy predictor start when there is no pretrained one, instead of at random.</summary>
static class InitialVideoWeights
{
    const float PictureGain = 0.1f, MotionGain = 1;

    /// <summary>How much later a pattern of colours comes than one of brightness, in steps of frequency.</summary>
    const int ColourPenalty = 3;

    // Orthonormal mixtures of red, green and blue: brightness, then two of colour.
    static readonly float[][] Colours =
    [
        [1 / MathF.Sqrt(3), 1 / MathF.Sqrt(3), 1 / MathF.Sqrt(3)],
        [1 / MathF.Sqrt(2), -1 / MathF.Sqrt(2), 0],
        [1 / MathF.Sqrt(6), 1 / MathF.Sqrt(6), -2 / MathF.Sqrt(6)],
    ];

    /// <summary>
    /// A patch embedding of orthonormal cosine patterns, half of them on the sum and half on the difference of a token's two frames. Motion of natural
    /// pictures lies in the low frequencies; random filters spread it over all of them, under the camera's noise, and take long to find it.
    /// </summary>
    /// <returns>[channels, 3, 2, P, P].</returns>
    public static float[] MotionFilters(int channels, int patch)
    {
        var half = channels / 2;
        var patterns = (
            from colour in Enumerable.Range(0, Colours.Length)
            from vertical in Enumerable.Range(0, patch)
            from horizontal in Enumerable.Range(0, patch)
            orderby vertical + horizontal + (colour > 0 ? ColourPenalty : 0), colour, vertical
            select (colour, vertical, horizontal)).Take(channels - half).ToArray();
        var filters = new float[channels * 3 * 2 * patch * patch];
        var at = 0;
        for (var channel = 0; channel < channels; channel++)
        {
            var isMotion = channel < half;
            var (colour, vertical, horizontal) = patterns[isMotion ? channel : channel - half];
            foreach (var mixture in Colours[colour])
                foreach (var frame in (ReadOnlySpan<float>)(isMotion ? [-MotionGain, MotionGain] : [PictureGain, PictureGain]))
                    for (var y = 0; y < patch; y++)
                        for (var x = 0; x < patch; x++)
                            filters[at++] = frame / MathF.Sqrt(2) * mixture * Cosine(vertical, y, patch) * Cosine(horizontal, x, patch);
        }
        return filters;
    }

    /// <summary>
    /// Positions as sines and cosines (Vaswani et al., 2017, arXiv 1706.03762), so that neighbours are alike: what attention learns of one time
    /// holds at all others. Each axis has an equal share of the channels; wavelengths go from 4 positions to 4 times the axis.
    /// </summary>
    /// <returns>[sizes ..., channels].</returns>
    public static float[] Positions(int channels, params ReadOnlySpan<int> sizes)
    {
        const float Amplitude = 0.5f, ShortestWave = 4;
        var count = 1;
        foreach (var size in sizes)
            count *= size;
        var waves = channels / sizes.Length / 2;
        var values = new float[count * channels];
        for (var position = 0; position < count; position++)
        {
            var (rest, at) = (position, position * channels);
            for (var axis = sizes.Length - 1; axis >= 0; axis--)
            {
                var along = rest % sizes[axis];
                rest /= sizes[axis];
                for (var wave = 0; wave < waves; wave++)
                {
                    var length = ShortestWave * MathF.Pow(sizes[axis], wave / MathF.Max(1, waves - 1));
                    (values[at++], values[at++]) = (Amplitude * MathF.Sin(2 * MathF.PI * along / length), Amplitude * MathF.Cos(2 * MathF.PI * along / length));
                }
            }
        }
        return values;
    }

    /// <summary>The orthonormal discrete cosine transform (type II).</summary>
    static float Cosine(int frequency, int at, int length) =>
        MathF.Sqrt((frequency == 0 ? 1f : 2f) / length) * MathF.Cos(MathF.PI * frequency * (at + 0.5f) / length);
}
