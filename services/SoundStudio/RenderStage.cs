namespace Rewas.SoundStudio;

/// <summary>How far a render is, as the database keeps it.</summary>
enum RenderStage
{
    Making = 0,

    /// <summary>The sounds are in the store.</summary>
    Made = 1,

    /// <summary>The progress holds why.</summary>
    Failed = 2,

    /// <summary>Its caller has cancelled it.</summary>
    Cancelled = 3,
}
