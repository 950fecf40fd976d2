namespace Rewas.Hosting;

/// <summary>A singleton that is slow to load but can be created without loading, such as a stage's networks.</summary>
public interface ILoadable
{
    /// <summary>Loads what is not loaded yet.</summary>
    void Load();

    /// <summary>The same for requests with these texts, which may be read now.</summary>
    void Load(IReadOnlyList<string> texts) => Load();
}
