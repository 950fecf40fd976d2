using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>
/// The condition of every residual block: the time step, as sines and cosines through two layers, concatenated with the text embedding
/// through one layer (FiLM by concatenation, AudioLDM). The text half is constant while a request is denoised.
/// </summary>
public sealed class UNetCondition
{
    const float LongestPeriod = 10_000;
    readonly float[] frequencies;                                            // radians per training step, [C / 2]
    readonly Linear time1, time2, film;

    public UNetCondition(Scope at, UNetConfiguration c)
    {
        var half = c.ModelChannels / 2;
        frequencies = [.. Enumerable.Range(0, half).Select(i => MathF.Exp(-MathF.Log(LongestPeriod) * i / half))];
        time1 = new(at / "time_embed" / 0, c.ModelChannels, c.EmbeddingChannels);
        time2 = new(at / "time_embed" / 2, c.EmbeddingChannels, c.EmbeddingChannels);
        film = new(at / "film_emb", c.FilmChannels, c.EmbeddingChannels);
    }

    /// <param name="time">[B], the training step, 0 to 999.</param>
    public Tensor Time(Tensor time)
    {
        var angles = time.Reshape(-1, 1) * time.Constant(frequencies, 1, frequencies.Length);   // [B, C / 2]
        var waves = angles.Cos().Concat(1, angles.Sin());                    // [B, C]
        return time2.Forward(time1.Forward(waves).Silu());                   // [B, 4 C]
    }

    /// <param name="text">[B, T], the text embedding.</param>
    public Tensor Film(Tensor text) => film.Forward(text);                   // [B, 4 C]

    /// <summary>Both halves, after the SiLU with which every residual block starts.</summary>
    public Tensor Forward(Tensor time, Tensor text) => Join(Time(time), Film(text));

    public static Tensor Join(Tensor time, Tensor film) => time.Concat(1, film).Silu();   // [B, 8 C]
}
