namespace Rewas.Clip;

/// <summary>Type of a tensor's values.</summary>
public enum ElementType
{
    Float32,
    Int64,
}
