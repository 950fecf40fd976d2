namespace Rewas.Sound.Stereo;

/// <summary>
/// Gains of left and right for a place between them. The sum of their squares is the same everywhere (equal power), and both are 1 in the
/// centre. On a sound that is stereo already they are a balance.
/// </summary>
public static class PanLaw
{
    /// <param name="place">-1 (left) to 1 (right).</param>
    public static (float Left, float Right) Gains(double place)
    {
        if (place == 0)
            return (1, 1);                                                   // sound in the centre keeps its samples
        var angle = (place + 1) * Math.PI / 4;
        return ((float)(Math.Sqrt(2) * Math.Cos(angle)), (float)(Math.Sqrt(2) * Math.Sin(angle)));
    }
}
