namespace Rewas.Networks.Layers;

/// <summary>Normalisation over groups of channels (Wu and He, 2018).</summary>
public sealed class GroupNorm(Scope at, int groups, int channels, float epsilon)
{
    readonly Tensor weight = at.Get("weight", Init.Ones, channels), bias = at.Get("bias", Init.Zeros, channels);

    public Tensor Forward(Tensor x) => x.GroupNorm(groups, weight, bias, epsilon);   // [B, C, ...] unchanged
}

/// <summary>Normalisation over the last axis (Ba et al., 2016).</summary>
public sealed class LayerNorm(Scope at, int channels, float epsilon)
{
    readonly Tensor weight = at.Get("weight", Init.Ones, channels), bias = at.Get("bias", Init.Zeros, channels);

    public Tensor Forward(Tensor x) => x.LayerNorm(weight, bias, epsilon);           // [..., C] unchanged
}

/// <summary>
/// Normalises each channel of the last axis by stored training statistics (Ioffe and Szegedy, 2015): PyTorch's BatchNorm in evaluation
/// mode.
/// </summary>
public sealed class BatchNorm
{
    readonly float epsilon;
    readonly Tensor weight, bias, mean, variance;

    public BatchNorm(Scope at, int channels, float epsilon)
    {
        this.epsilon = epsilon;
        weight = at.Get("weight", Init.Ones, channels);
        bias = at.Get("bias", Init.Zeros, channels);
        mean = at.Buffer("running_mean", channels);
        variance = at.Buffer("running_var", Init.Ones, channels);
        _ = at.Buffer("num_batches_tracked");                                // used only by training
    }

    public Tensor Forward(Tensor x) => (x - mean) / (variance + epsilon).Sqrt() * weight + bias;   // [..., C] unchanged
}
