namespace Rewas.Hosting;

/// <summary>A singleton that is slow to load but can be created without loading, such as a stage's networks.</summary>
public interface ILoadable
{
    /// <summary>Loads what is not loaded yet.</summary>
    void Load();

    /// <summary>Loads before requests with these texts, which may be encoded now.</summary>
    void Load(IReadOnlyList<string> texts) => Load();
}
