namespace Rewas.Trainer.Stages;

/// <summary>
/// Initial values of learned positions: sines and cosines (Vaswani et al., 2017, arXiv 1706.03762). Neighbours are alike, so what attention
/// learns at one time holds at all others.
/// </summary>
static class SmoothPositions
{
    const float Amplitude = 0.5f, ShortestWave = 4;

    /// <returns>[positions, channels]. Wavelengths range from 4 positions to 4 times the number of positions.</returns>
    public static float[] Of(int channels, int positions)
    {
        var waves = channels / 2;
        var values = new float[positions * channels];
        for (var position = 0; position < positions; position++)
        {
            for (var wave = 0; wave < waves; wave++)
            {
                var turn = 2 * MathF.PI * position / (ShortestWave * MathF.Pow(positions, wave / MathF.Max(1, waves - 1)));
                var at = position * channels + 2 * wave;
                (values[at], values[at + 1]) = (Amplitude * MathF.Sin(turn), Amplitude * MathF.Cos(turn));
            }
        }
        return values;
    }
}
