namespace Rewas.Video;

/// <summary>Where a picture moves between two frames.</summary>
/// <param name="Across">The centre of the motion, from -1 (left edge) to 1 (right edge); 0 without motion.</param>
/// <param name="Strength">The change of all moving blocks, in steps of an 8-bit picture; 0 without motion.</param>
public readonly record struct MotionPlace(float Across, float Strength);
