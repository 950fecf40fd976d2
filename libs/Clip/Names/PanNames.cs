namespace Rewas.Clip.Names;

/// <summary>Words for the place of a sound between left and right. Numbers say it too.</summary>
public static class PanNames
{
    /// <summary>Where the picture moves.</summary>
    public const string Picture = "picture";
}
