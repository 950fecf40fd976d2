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
